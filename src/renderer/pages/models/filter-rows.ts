import type { LicenseNeed } from '#core/advise/needs.ts'
import type { ModelKind } from '#core/model/model.ts'
import { rowFit, rowRuns } from './model-row.ts'
import type { ModelRow } from './model-row.ts'

export type FitFilter = 'any' | 'runs' | 'fits'
/** Bands of total parameters: phones and laptops, one consumer card, one large card, servers. */
export type SizeBand = 'any' | 'to-4b' | '4b-16b' | '16b-40b' | 'from-40b'

export interface ModelFilters {
  readonly search: string
  readonly fit: FitFilter
  readonly kind: ModelKind | 'any'
  /** A name, or `any`. */
  readonly developer: string
  readonly license: LicenseNeed
  readonly size: SizeBand
  /** A modality, or `any`. */
  readonly modality: string
  /** Only models from the user's own file. */
  readonly own: boolean
}

export const NO_FILTERS: ModelFilters = {
  search: '',
  fit: 'any',
  kind: 'any',
  developer: 'any',
  license: 'any',
  size: 'any',
  modality: 'any',
  own: false,
}

/** From (inclusive) and below (exclusive), in parameters. */
const SIZE_BANDS: Readonly<Record<SizeBand, readonly [number, number]>> = {
  any: [0, Number.POSITIVE_INFINITY],
  'to-4b': [0, 4e9],
  '4b-16b': [4e9, 16e9],
  '16b-40b': [16e9, 40e9],
  'from-40b': [40e9, Number.POSITIVE_INFINITY],
}

/** Rows that pass every filter; `allows` says whether a row's license meets a need. */
export function filterRows(
  rows: readonly ModelRow[],
  filters: ModelFilters,
  allows: (row: ModelRow, need: LicenseNeed) => boolean,
): readonly ModelRow[] {
  const words = searchWords(filters.search)
  const [from, below] = SIZE_BANDS[filters.size]
  return rows.filter(
    (row) =>
      passesFit(row, filters.fit) &&
      (filters.kind === 'any' || row.model.kind === filters.kind) &&
      (filters.developer === 'any' || row.model.developer === filters.developer) &&
      (filters.license === 'any' || allows(row, filters.license)) &&
      row.model.parameters.total >= from &&
      row.model.parameters.total < below &&
      (filters.modality === 'any' || row.model.modalities.includes(filters.modality)) &&
      (!filters.own || row.model.origin === 'user') &&
      words.every((word) => searchText(row).includes(word)),
  )
}

/** True when any filter hides something. */
export function hasFilters(filters: ModelFilters): boolean {
  return (Object.keys(NO_FILTERS) as (keyof ModelFilters)[]).some((key) => filters[key] !== NO_FILTERS[key])
}

function passesFit(row: ModelRow, fit: FitFilter): boolean {
  if (fit === 'any') return true
  return fit === 'runs' ? rowRuns(row) : rowFit(row) === 'fits'
}

/** Case and punctuation do not matter: "qwen 3 30b" finds "Qwen3-30B-A3B". */
function searchWords(search: string): readonly string[] {
  return search
    .split(/\s+/u)
    .map(plain)
    .filter((word) => word !== '')
}

function searchText(row: ModelRow): string {
  return plain(`${row.model.id} ${row.model.name} ${row.model.developer} ${row.model.family}`)
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
