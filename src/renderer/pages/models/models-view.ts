import { LICENSE_NEEDS } from '#core/advise/needs.ts'
import type { SortDirection } from '../../components/data-table/sort-by-value.ts'
import { MODEL_COLUMNS } from './model-columns.ts'
import type { ColumnId } from './model-columns.ts'
import { NO_FILTERS } from './filter-rows.ts'
import type { ModelFilters } from './filter-rows.ts'

/** More than four models side by side cannot be read. */
export const MOST_COMPARED = 4

/** What of the models page is in its address: a link shows a colleague the same list. */
export interface ModelsView {
  readonly filters: ModelFilters
  readonly sort: ColumnId
  readonly direction: SortDirection
  readonly hidden: readonly ColumnId[]
  readonly compared: readonly string[]
}

const FIRST_SORT: ColumnId = 'rank'

/** Hidden until asked for: the first look needs no more than fits beside the chart. */
const HIDDEN_AT_FIRST: readonly ColumnId[] = []

const FIT = ['any', 'runs', 'fits'] as const
const KIND = ['any', 'chat', 'reasoning', 'vision', 'code', 'base', 'embedding'] as const
const SIZE = ['any', 'to-4b', '4b-16b', '16b-40b', 'from-40b'] as const

/** Reads the address; what it does not understand counts as not said. */
export function readModelsView(search: string): ModelsView {
  const query = new URLSearchParams(search)
  const sort = oneOf(query.get('sort'), columnIds(), FIRST_SORT)
  return {
    filters: {
      search: query.get('q') ?? '',
      fit: oneOf(query.get('fit'), FIT, 'any'),
      kind: oneOf(query.get('kind'), KIND, 'any'),
      developer: query.get('developer') ?? 'any',
      license: oneOf(query.get('license'), LICENSE_NEEDS, 'any'),
      size: oneOf(query.get('size'), SIZE, 'any'),
      modality: query.get('modality') ?? 'any',
      own: query.get('own') === '1',
    },
    sort,
    direction: oneOf(query.get('order'), ['ascending', 'descending'] as const, firstDirection(sort)),
    hidden: query.has('hide') ? list(query.get('hide')).filter(isHideable) : HIDDEN_AT_FIRST,
    compared: list(query.get('compare')).slice(0, MOST_COMPARED),
  }
}

/**
 * Writes the view into an address, without what is at its default; the inverse of `readModelsView`. What belongs to
 * others in the address (the needs, the machine) stays.
 */
export function writeModelsView(view: ModelsView, search = ''): string {
  const query = new URLSearchParams(search)
  const put = (key: string, value: string, standard: string): void => {
    if (value === standard) query.delete(key)
    else query.set(key, value)
  }
  put('q', view.filters.search, NO_FILTERS.search)
  for (const key of ['fit', 'kind', 'developer', 'license', 'size', 'modality'] as const) {
    put(key, view.filters[key], NO_FILTERS[key])
  }
  put('own', view.filters.own ? '1' : '', '')
  put('sort', view.sort, FIRST_SORT)
  put('order', view.direction, firstDirection(view.sort))
  put('hide', view.hidden.join(','), HIDDEN_AT_FIRST.join(','))
  put('compare', view.compared.join(','), '')
  return query.toString()
}

/** The view after a click on a column's header: best first, then the other way round, then back to the ranking. */
export function sortedBy(view: ModelsView, column: ColumnId): ModelsView {
  const first = firstDirection(column)
  if (view.sort !== column) return { ...view, sort: column, direction: first }
  if (view.direction !== first) return { ...view, sort: FIRST_SORT, direction: firstDirection(FIRST_SORT) }
  return { ...view, direction: first === 'ascending' ? 'descending' : 'ascending' }
}

/** The view with a model added to, or taken out of, the comparison; a fifth one is not added. */
export function toggledComparison(view: ModelsView, id: string): ModelsView {
  if (view.compared.includes(id)) return { ...view, compared: view.compared.filter((other) => other !== id) }
  if (view.compared.length >= MOST_COMPARED) return view
  return { ...view, compared: [...view.compared, id] }
}

function columnIds(): readonly ColumnId[] {
  return MODEL_COLUMNS.map((column) => column.id)
}

function isHideable(id: string): id is ColumnId {
  return MODEL_COLUMNS.some((column) => column.id === id && !column.fixed)
}

function firstDirection(sort: ColumnId): SortDirection {
  return MODEL_COLUMNS.find((column) => column.id === sort)?.firstDirection ?? 'ascending'
}

function list(text: string | null): readonly string[] {
  return (text ?? '').split(',').filter((part) => part !== '')
}

function oneOf<T extends string, U>(text: string | null, allowed: readonly T[], otherwise: U): T | U {
  return allowed.find((value) => value === text) ?? otherwise
}
