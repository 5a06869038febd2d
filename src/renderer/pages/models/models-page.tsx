import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconChartDots } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../app/use-page-title.ts'
import { WaitingForMachine } from '../../components/waiting/waiting-for-machine.tsx'
import { ColumnsMenu } from './columns-menu.tsx'
import { CompareBar } from './compare-bar.tsx'
import { NO_FILTERS, filterRows } from './filter-rows.ts'
import { licenseAllows } from './license-allows.ts'
import { rowRuns } from './model-row.ts'
import type { ModelRow } from './model-row.ts'
import classes from './models-page.module.css'
import { ModelsTable } from './models-table.tsx'
import { ModelsToolbar } from './models-toolbar.tsx'
import { toggledComparison } from './models-view.ts'
import { QualitySpeedChart } from './quality-speed-chart.tsx'
import { sortRows } from './sort-rows.ts'
import { useModelRows } from './use-model-rows.ts'
import { useModelsView } from './use-models-view.ts'

/** Below this the chart would take the place of the table: it is then shown when asked for. */
const CHART_BESIDE = '(min-width: 1400px)'

/** Every model, ranked: what runs here, how fast, how good, and what is missing where it does not. */
export function ModelsPage() {
  const { t } = useTranslation()
  usePageTitle(t('models.title'))
  const rows = useModelRows()
  return rows === null ? <WaitingForMachine skeleton={<LoadingModels />} /> : <ModelsList rows={rows} />
}

function ModelsList({ rows }: { readonly rows: readonly ModelRow[] }) {
  const { t } = useTranslation()
  const [view, setView] = useModelsView()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const beside = useMediaQuery(CHART_BESIDE, true, { getInitialValueInEffect: false })
  const [chartAsked, setChartAsked] = useState<boolean | null>(null)
  const chartAskedFor = chartAsked ?? beside
  const passing = useMemo(() => filterRows(rows, view.filters, licenseAllows), [rows, view.filters])
  const shown = useMemo(
    () => sortRows(passing, view.sort, view.direction),
    [passing, view.sort, view.direction],
  )
  const chartShown = chartAskedFor && shown.length > 0
  const compared = view.compared.flatMap((id) => rows.filter((row) => row.model.id === id))
  return (
    <section className={classes.page}>
      <Heading rows={rows} shown={shown}>
        <ColumnsMenu hidden={view.hidden} onHidden={(hidden) => setView({ ...view, hidden })} />
        <Button
          size="compact-sm"
          variant={chartAskedFor ? 'light' : 'subtle'}
          color={chartAskedFor ? 'indigo' : 'gray'}
          aria-pressed={chartAskedFor}
          leftSection={<IconChartDots size={14} aria-hidden />}
          onClick={() => setChartAsked(!chartAskedFor)}
        >
          {t('models.showChart')}
        </Button>
      </Heading>
      <ModelsToolbar
        view={view}
        onView={setView}
        developers={namesOf(rows, (row) => [row.model.developer])}
        modalities={namesOf(rows, (row) => row.model.modalities)}
        ownModels={rows.some((row) => row.model.origin === 'user')}
      />
      <div className={classes.split} data-chart={chartShown || undefined}>
        {shown.length === 0 ? (
          <div className={classes.empty}>
            <h2>{t('models.emptyTitle')}</h2>
            <p>{t('models.emptySentence', { total: rows.length })}</p>
            <Button onClick={() => setView({ ...view, filters: NO_FILTERS })}>
              {t('models.clearFilters')}
            </Button>
          </div>
        ) : (
          <ModelsTable rows={shown} view={view} onView={setView} chosenId={chosenId} onChoose={setChosenId} />
        )}
        {chartShown ? (
          <div className={classes.chart}>
            <QualitySpeedChart rows={passing} chosenId={chosenId} onChoose={setChosenId} />
          </div>
        ) : null}
      </div>
      <CompareBar
        rows={compared}
        onRemove={(id) => setView(toggledComparison(view, id))}
        onClear={() => setView({ ...view, compared: [] })}
      />
    </section>
  )
}

interface HeadingProps {
  readonly rows: readonly ModelRow[]
  readonly shown: readonly ModelRow[]
  /** What stands at the other end of the line. */
  readonly children: ReactNode
}

function Heading({ rows, shown, children }: HeadingProps) {
  const { t } = useTranslation()
  return (
    <header className={classes.heading}>
      <h1 className={classes.title}>{t('models.title')}</h1>
      <p role="status">
        {t('models.count', { shown: shown.length, total: rows.length, runs: shown.filter(rowRuns).length })}
      </p>
      <span className={classes.headingEnd}>{children}</span>
    </header>
  )
}

/** The shape of the page while machine and catalogue are on their way. */
function LoadingModels() {
  const { t } = useTranslation()
  return (
    <div className={classes.skeleton} role="status" aria-label={t('models.loading')}>
      <Skeleton height={28} width={160} />
      <Skeleton height={30} />
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={24} />
      ))}
    </div>
  )
}

function namesOf(rows: readonly ModelRow[], read: (row: ModelRow) => readonly string[]): readonly string[] {
  return [...new Set(rows.flatMap(read))].toSorted((a, b) => a.localeCompare(b, 'en'))
}
