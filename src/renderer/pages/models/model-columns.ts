import type { MaybeFigure } from '#core/figure/figure.ts'
import type { SortDirection, SortValue } from '../../components/data-table/sort-by-value.ts'
import { rowFit, rowSpeed } from './model-row.ts'
import type { ModelRow, RowFit } from './model-row.ts'

export type ColumnId =
  | 'rank'
  | 'fit'
  | 'model'
  | 'size'
  | 'developer'
  | 'quantization'
  | 'memory'
  | 'decode'
  | 'quality'
  | 'agreement'
  | 'context'
  | 'license'
  | 'released'

export interface ModelColumn {
  readonly id: ColumnId
  readonly widthPixels: number
  readonly numeric: boolean
  /** The direction of the first click: best first. */
  readonly firstDirection: SortDirection
  /** Always shown: a row without them cannot be told from the next. */
  readonly fixed: boolean
  readonly sortValue: (row: ModelRow) => SortValue
}

/** Order of the fit column: what runs with room to spare first. */
const FIT_ORDER: Readonly<Record<RowFit, number>> = { fits: 0, tight: 1, no: 2, none: 3 }

/** Every column of the models table, in the order shown: first what is compared, and all of that beside the chart. */
export const MODEL_COLUMNS: readonly ModelColumn[] = [
  column('rank', 44, { fixed: true, numeric: true, sortValue: (row) => row.rank }),
  column('model', 204, { fixed: true, sortValue: (row) => row.model.name }),
  column('fit', 152, { fixed: true, sortValue: (row) => FIT_ORDER[rowFit(row)] }),
  column('memory', 96, { numeric: true, sortValue: (row) => valueOf(row.best?.plan.memory.total) }),
  column('decode', 176, {
    numeric: true,
    firstDirection: 'descending',
    sortValue: (row) => (row.best === null ? null : rowSpeed(row.model, row.best.plan).value),
  }),
  column('quality', 132, {
    numeric: true,
    firstDirection: 'descending',
    sortValue: (row) => row.quality.value,
  }),
  column('quantization', 96, { sortValue: (row) => row.best?.plan.quantizationId ?? null }),
  column('agreement', 96, {
    numeric: true,
    firstDirection: 'descending',
    sortValue: (row) => valueOf(row.best?.agreement),
  }),
  column('size', 136, { numeric: true, sortValue: (row) => row.model.parameters.total }),
  column('developer', 120, { sortValue: (row) => row.model.developer }),
  column('context', 80, {
    numeric: true,
    firstDirection: 'descending',
    sortValue: (row) => row.model.nativeContextTokens,
  }),
  column('license', 176, { sortValue: (row) => row.license?.name ?? row.model.license }),
  column('released', 104, { firstDirection: 'descending', sortValue: (row) => row.model.released }),
]

function column(
  id: ColumnId,
  widthPixels: number,
  rest: Partial<Omit<ModelColumn, 'id' | 'widthPixels'>> & Pick<ModelColumn, 'sortValue'>,
): ModelColumn {
  return { id, widthPixels, numeric: false, firstDirection: 'ascending', fixed: false, ...rest }
}

function valueOf(figure: MaybeFigure | undefined): number | null {
  return figure?.value ?? null
}
