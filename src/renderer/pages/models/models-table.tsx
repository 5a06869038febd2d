import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { planHref } from '../../app/routes.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import { SortHead } from '../../components/data-table/sort-head.tsx'
import { UnseenHead } from '../../components/data-table/unseen-head.tsx'
import { MODEL_COLUMNS } from './model-columns.ts'
import type { ColumnId } from './model-columns.ts'
import { ModelTableRow } from './model-table-row.tsx'
import type { ModelRow } from './model-row.ts'
import classes from './models-table.module.css'
import type { ModelsView } from './models-view.ts'
import { sortedBy, toggledComparison } from './models-view.ts'

const ROW_PIXELS = 36
const BOX_COLUMN = { id: 'box', widthPixels: 36 }

interface ModelsTableProps {
  readonly rows: readonly ModelRow[]
  readonly view: ModelsView
  readonly onView: (view: ModelsView) => void
  readonly chosenId: string | null
  readonly onChoose: (id: string) => void
}

/** The list itself: a row for each model, and a box in it that adds the model to the comparison. */
export function ModelsTable({ rows, view, onView, chosenId, onChoose }: ModelsTableProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const columns = MODEL_COLUMNS.filter((column) => !view.hidden.includes(column.id))
  function toggle(index: number): void {
    const row = rows[index]
    if (row !== undefined) onView(toggledComparison(view, row.model.id))
  }
  return (
    <DataTable
      label={t('models.title')}
      keysHint={t('models.keys')}
      columns={[BOX_COLUMN, ...columns]}
      className={classes.table}
      multiselectable
      walk={{
        rowIds: rows.map((row) => row.model.id),
        rowPixels: ROW_PIXELS,
        activeId: chosenId,
        onActive: onChoose,
        followsActive: true,
        onOpen: (index) => {
          const row = rows[index]
          if (row !== undefined) navigate(planHref({ modelId: row.model.id }))
        },
        onToggle: toggle,
      }}
      head={
        <>
          <UnseenHead>{t('models.compare')}</UnseenHead>
          {columns.map((column) => (
            <SortHead
              key={column.id}
              column={column}
              sorted={view.sort === column.id ? view.direction : null}
              hint={t(`models.columnHint.${column.id}`)}
              onSort={() => onView(sortedBy(view, column.id))}
            >
              <HeadWords column={column.id} />
            </SortHead>
          ))}
        </>
      }
      row={(index, place) => {
        const row = rows[index]
        if (row === undefined) return null
        const { id } = row.model
        return (
          <ModelTableRow
            row={row}
            place={place}
            columns={columns}
            chosen={id === chosenId}
            compared={view.compared.includes(id)}
            onToggle={() => toggle(index)}
          />
        )
      }}
    />
  )
}

/** The rank is "#" to the eye, its word to the ear: the column is as narrow as its numbers. */
function HeadWords({ column }: { readonly column: ColumnId }) {
  const { t } = useTranslation()
  if (column !== 'rank') return <span>{t(`models.column.${column}`)}</span>
  return (
    <>
      <span aria-hidden>#</span>
      <span className="visually-hidden">{t('models.column.rank')}</span>
    </>
  )
}
