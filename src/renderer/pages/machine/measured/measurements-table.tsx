import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { formatFigureValue } from '#core/figure/format-figure.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { measuredFigures } from '#core/measure/measured-figures.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { useCatalogue } from '../../../app/use-advice.ts'
import { planHref } from '../../../app/routes.ts'
import { useMachineState } from '../../../app/use-stores.ts'
import { FigureValue } from '../../../components/figure/figure-value.tsx'
import classes from './measured.module.css'
import { useRemoval } from './use-removal.ts'

/** Speeds are compared where the cache is empty: every run times that. */
const DEPTH_TOKENS = 0

/** Every measured run kept, newest first. */
export function MeasurementsTable({ runs }: { readonly runs: readonly Measurement[] }) {
  const { t } = useTranslation()
  return (
    <div className={classes.scroll}>
      <table className={classes.runs}>
        <caption className="visually-hidden">{t('measurements.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('measurements.model')}</th>
            <th scope="col">{t('measurements.quantization')}</th>
            <th scope="col" data-number>
              {t('measurements.decode')}
            </th>
            <th scope="col" data-number>
              {t('measurements.prefill')}
            </th>
            <th scope="col" data-number>
              {t('measurements.ram')}
            </th>
            <th scope="col">{t('measurements.date')}</th>
            <th scope="col">{t('measurements.method')}</th>
            <th scope="col">{t('measurements.machine')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('measurements.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Run({ run }: { readonly run: Measurement }) {
  const { t } = useTranslation()
  const remove = useRemoval()
  const catalogue = useCatalogue()
  const here = useMachineState((state) => (state.machine === null ? null : machineFingerprint(state.machine)))
  const isHere = run.machine === here
  const { modelId, quantizationId, contextTokens } = run.plan
  const model = catalogue?.models.find(({ id }) => id === modelId) ?? null
  const name = model?.name ?? modelId
  const { decode, prefill, memory } = measuredFigures(run, DEPTH_TOKENS)
  return (
    <tr>
      <th scope="row">
        {model === null ? (
          name
        ) : (
          <Link href={planHref({ modelId, quantizationId, contextTokens })}>{name}</Link>
        )}
      </th>
      <td>{quantizationId}</td>
      <td data-number>
        <Value figure={decode} isHere={isHere} />
      </td>
      <td data-number>
        <Value figure={prefill} isHere={isHere} />
      </td>
      <td data-number>
        <Value figure={memory.resident} isHere={isHere} />
      </td>
      <td className="numeral">{run.measuredAt.slice(0, 10)}</td>
      <td>{t(`measurements.methods.${run.method}`)}</td>
      <td className={classes.machine}>{isHere ? t('measurements.thisMachine') : run.machineName}</td>
      <td>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={t('measurements.removeOf', { model: name, quantization: quantizationId })}
          onClick={() => remove([run.id], t('measurements.removed', { model: name }))}
        >
          {t('measurements.remove')}
        </Button>
      </td>
    </tr>
  )
}

/** "Measured on this machine" holds for this machine only: what others measured stands as plain text. */
function Value({ figure, isHere }: { readonly figure: MaybeFigure; readonly isHere: boolean }) {
  if (isHere || figure.value === null) return <FigureValue figure={figure} dense />
  return <span className="numeral">{formatFigureValue(figure)}</span>
}
