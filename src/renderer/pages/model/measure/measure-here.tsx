import { Button, Skeleton } from '@mantine/core'
import { IconGauge } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { DryRunMethod } from '#core/measure/measurement.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import type { AskablePlan } from '../../../app/askable-plan.ts'
import classes from './measure.module.css'

/** With its chart the panel is fetched when somebody opens it. */
const MeasurePanel = lazy(async () => ({ default: (await import('./measure-panel.tsx')).MeasurePanel }))

export interface MeasureProps {
  readonly askable: AskablePlan
  /** What the shown speeds were computed with. */
  readonly speedModel: SpeedModel
  /** Null: the panel is closed. */
  readonly method: DryRunMethod | null
  readonly onMethod: (method: DryRunMethod | null) => void
}

/** Opens and closes the panel that measures the plan of the page, under the speeds it will replace. */
export function MeasureHere(props: MeasureProps) {
  const { t } = useTranslation()
  const { askable, speedModel, method, onMethod } = props
  return (
    <div className={classes.here}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconGauge size={16} aria-hidden="true" />}
        aria-expanded={method !== null}
        onClick={() => onMethod(method === null ? 'quick' : null)}
      >
        {t(method === null ? 'measure.here' : 'measure.close')}
      </Button>
      {method === null ? null : (
        <section className={classes.panel} aria-label={t('measure.title')}>
          <Suspense fallback={<Skeleton height={160} />}>
            <MeasurePanel askable={askable} speedModel={speedModel} method={method} onMethod={onMethod} />
          </Suspense>
        </section>
      )}
    </div>
  )
}
