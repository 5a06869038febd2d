import charts from './en/charts.json' with { type: 'json' }
import figures from './en/figures.json' with { type: 'json' }
import frame from './en/frame.json' with { type: 'json' }
import library from './en/library.json' with { type: 'json' }
import machine from './en/machine.json' with { type: 'json' }
import measure from './en/measure.json' with { type: 'json' }
import measurements from './en/measurements.json' with { type: 'json' }
import model from './en/model.json' with { type: 'json' }
import models from './en/models.json' with { type: 'json' }
import needs from './en/needs.json' with { type: 'json' }
import notFound from './en/not-found.json' with { type: 'json' }
import smoke from './en/smoke.json' with { type: 'json' }
import verdict from './en/verdict.json' with { type: 'json' }

/** Every sentence of the interface, one file a page: `t('machine.scanAgain')`. */
export const strings = {
  charts,
  figures,
  frame,
  library,
  machine,
  measure,
  measurements,
  model,
  models,
  needs,
  notFound,
  smoke,
  verdict,
}
