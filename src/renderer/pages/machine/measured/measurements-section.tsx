import { Button, FileButton } from '@mantine/core'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Link } from 'wouter'
import type { ImportResult } from '#contract/measuring.ts'
import { predictedAgainstMeasured } from '#core/measure/predicted-against-measured.ts'
import { useCatalogue } from '../../../app/use-advice.ts'
import { MEASUREMENTS_ANCHOR, VERDICT_PATH } from '../../../app/routes.ts'
import { saveFile } from '../../../app/save-file.ts'
import { useMachineState, useStores } from '../../../app/use-stores.ts'
import { useSectionAnchor } from '../../../app/use-section-anchor.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import machineClasses from '../machine.module.css'
import { ImportOutcome } from './import-outcome.tsx'
import classes from './measured.module.css'
import { MeasurementsTable } from './measurements-table.tsx'
import { SmokesTable } from './smokes-table.tsx'

const PredictedChart = lazy(async () => ({
  default: (await import('./predicted-chart.tsx')).PredictedChart,
}))

/** What the backend takes at once. */
const MAX_IMPORT_BYTES = 15 * 1024 * 1024
const EXPORT_NAME = 'inhouse-measurements.jsonl'

type Imported =
  | { readonly kind: 'result'; readonly result: ImportResult }
  | { readonly kind: 'too-large' }
  | null

/** Every measured run kept, here and imported, and how right the estimates were. */
export function MeasurementsSection() {
  const { t } = useTranslation()
  useSectionAnchor(MEASUREMENTS_ANCHOR)
  const store = useStores().measurements
  const { measurements, failure } = useStore(store)
  const [imported, setImported] = useState<Imported>(null)
  const forgetFile = useRef<() => void>(null)
  const runs = measurements?.runs ?? []
  const smokes = measurements?.smokes ?? []
  const anything = runs.length + smokes.length + (measurements?.machines.length ?? 0) > 0

  async function exportAll(): Promise<void> {
    const text = await store.exportText()
    if (text !== null) saveFile(new Blob([text], { type: 'application/x-ndjson' }), EXPORT_NAME)
  }

  async function importFile(file: File | null): Promise<void> {
    if (file === null) return
    // The browser says nothing of a file that is chosen a second time unless the first choice is forgotten.
    forgetFile.current?.()
    setImported(null)
    if (file.size > MAX_IMPORT_BYTES) return setImported({ kind: 'too-large' })
    const result = await store.importText(await file.text())
    if (result !== null) setImported({ kind: 'result', result })
  }

  return (
    <section
      id={MEASUREMENTS_ANCHOR}
      tabIndex={-1}
      aria-label={t('measurements.title')}
      className={machineClasses.section}
    >
      <div className={classes.head}>
        <h2>{t('measurements.title')}</h2>
        <div className={machineClasses.buttons}>
          {anything ? (
            <Button size="compact-sm" variant="default" onClick={() => void exportAll()}>
              {t('measurements.export')}
            </Button>
          ) : null}
          <FileButton
            resetRef={forgetFile}
            accept=".jsonl,.ndjson,.json,.txt"
            inputProps={{ 'aria-label': t('measurements.importFile') }}
            onChange={(file) => void importFile(file)}
          >
            {(props) => (
              <Button {...props} size="compact-sm" variant="default">
                {t('measurements.import')}
              </Button>
            )}
          </FileButton>
        </div>
      </div>
      {failure === null ? null : <InlineFailure failure={failure} />}
      <div role="status">
        {imported?.kind === 'too-large' ? <p>{t('measurements.tooLarge')}</p> : null}
        {imported?.kind === 'result' ? <ImportOutcome result={imported.result} /> : null}
      </div>
      {measurements !== null && runs.length === 0 ? (
        <p className={machineClasses.paragraph}>
          {t('measurements.empty')} <Link href={VERDICT_PATH}>{t('measurements.emptyGo')}</Link>
        </p>
      ) : null}
      {runs.length === 0 ? null : (
        <>
          <Predictions />
          <MeasurementsTable runs={runs} />
        </>
      )}
      {smokes.length === 0 ? null : <SmokesTable smokes={smokes} />}
    </section>
  )
}

/** How right the estimates of this machine were; nothing where none of the measurements is of it. */
function Predictions() {
  const catalogue = useCatalogue()
  const scanned = useMachineState((state) => state.machine)
  const { measurements } = useStore(useStores().measurements)
  const compared = useMemo(
    () =>
      catalogue === null || scanned === null || measurements === null
        ? []
        : predictedAgainstMeasured(measurements, scanned, catalogue),
    [catalogue, scanned, measurements],
  )
  if (compared.length === 0) return null
  return (
    <div className={classes.chart}>
      <Suspense fallback={null}>
        <PredictedChart compared={compared} />
      </Suspense>
    </div>
  )
}
