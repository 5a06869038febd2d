import { readFileSync } from 'node:fs'
import type { Model } from '#core/model/model.ts'
import { findQuantization } from '#core/quant/find-quantization.ts'
import { publisherMix } from '#core/quant/publisher-mix.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { weightsOf } from '#core/quant/weights.ts'

/** Published size of one GGUF file. */
interface PublishedSize {
  readonly model: string
  readonly publishedName: string
  readonly quantization: string
  readonly bytes: number
  /** Distance between two figures the source can print; 0 for exact bytes. */
  readonly roundedToBytes: number
  readonly counts: 'file' | 'tensors'
  /** Whether the publisher makes this recipe with an importance matrix; null: unknown. */
  readonly importanceMatrix: boolean | null
  /** Why the file does not follow its recipe, where that is known. */
  readonly ownTypes: string | null
  readonly source: string
}

interface SizeFixture {
  readonly unresolved: { readonly models: number; readonly quantizations: number }
  readonly rows: readonly PublishedSize[]
}

/** `exact`: bytes of a plain recipe. `rounded`: the same to the source's precision. `own`: mixes of publishers. */
type RowGroup = 'exact' | 'rounded' | 'own'

export interface SizeError {
  readonly group: RowGroup
  readonly published: PublishedSize
  /** Estimate less published, as a share of the published size. */
  readonly error: number
  /** The part of the error that rounding of the source cannot explain. */
  readonly beyondRounding: number
}

export interface SizeStatistics {
  readonly rows: number
  readonly median: number
  readonly percentile90: number
  readonly worst: number
}

export interface FileSizeBench {
  readonly errors: readonly SizeError[]
  readonly unresolved: SizeFixture['unresolved']
  readonly byGroup: Readonly<Record<RowGroup, SizeStatistics>>
  /** Worst row of each quantization, plain recipes only. */
  readonly worstByQuantization: readonly SizeError[]
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T
}

function groupOf(row: PublishedSize): RowGroup {
  if (row.ownTypes !== null || publisherMix(row.quantization) !== undefined) return 'own'
  return row.roundedToBytes === 0 ? 'exact' : 'rounded'
}

function sizeError(row: PublishedSize, model: Model, quantization: Quantization): SizeError {
  const made =
    row.importanceMatrix === null
      ? quantization
      : { ...quantization, usesImportanceMatrix: row.importanceMatrix }
  const weights = weightsOf(model, made)
  const estimate = row.counts === 'file' ? weights.fileBytes : weights.tensorBytes
  const error = estimate / row.bytes - 1
  const rounding = row.roundedToBytes / 2 / row.bytes
  return {
    group: groupOf(row),
    published: row,
    error,
    beyondRounding: Math.max(0, Math.abs(error) - rounding),
  }
}

function statistics(errors: readonly SizeError[]): SizeStatistics {
  const sorted = errors.map((entry) => entry.beyondRounding).toSorted((left, right) => left - right)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { rows: sorted.length, median: at(0.5), percentile90: at(0.9), worst: at(1) }
}

function worstByQuantization(errors: readonly SizeError[]): readonly SizeError[] {
  const worst = new Map<string, SizeError>()
  for (const entry of errors) {
    if (entry.group === 'own') continue
    const known = worst.get(entry.published.quantization)
    if (known === undefined || entry.beyondRounding > known.beyondRounding)
      worst.set(entry.published.quantization, entry)
  }
  return [...worst.values()].toSorted((left, right) => right.beyondRounding - left.beyondRounding)
}

/** Compares estimated file sizes with published ones. */
export function compareFileSizes(): FileSizeBench {
  const models = readJson<{ records: readonly Model[] }>('../data/models.json').records
  const quantizations = readJson<{ records: readonly Quantization[] }>('../data/quantizations.json').records
  const fixture = readJson<SizeFixture>('./fixtures/gguf-sizes.json')
  const errors = fixture.rows.map((row) => {
    const model = models.find((record) => record.id === row.model)
    const quantization = findQuantization(row.quantization, quantizations)
    if (model === undefined || quantization.kind !== 'found')
      throw new Error(
        `The size fixture names ${row.model} at ${row.quantization}, which is not in the catalogue.`,
      )
    return sizeError(row, model, quantization.record)
  })
  const inGroup = (group: RowGroup): SizeStatistics =>
    statistics(errors.filter((entry) => entry.group === group))
  return {
    errors,
    unresolved: fixture.unresolved,
    byGroup: { exact: inGroup('exact'), rounded: inGroup('rounded'), own: inGroup('own') },
    worstByQuantization: worstByQuantization(errors),
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(3)} %`

const GROUP_TITLES: Readonly<Record<RowGroup, string>> = {
  exact: 'plain recipes, exact bytes',
  rounded: 'plain recipes, rounded figures (error beyond the rounding)',
  own: 'publishers’ own mixes',
}

function describeFileSizes(bench: FileSizeBench): string {
  const groups = (Object.keys(GROUP_TITLES) as RowGroup[]).map((group) => {
    const { median, percentile90, rows, worst } = bench.byGroup[group]
    return `  ${GROUP_TITLES[group]}: ${rows} rows, median ${percent(median)}, 90th ${percent(percentile90)}, worst ${percent(worst)}`
  })
  const worst = bench.worstByQuantization.slice(0, 10).map(({ error, published }) => {
    const precision =
      published.roundedToBytes === 0 ? 'exact' : `±${(published.roundedToBytes / 2e6).toFixed(0)} MB`
    return `  ${published.quantization.padEnd(8)} ${percent(error).padStart(9)}  ${published.publishedName} (${precision}; ${published.source})`
  })
  const { models, quantizations } = bench.unresolved
  return [
    'File size against published GGUF files',
    ...groups,
    `  not compared: ${models} rows of models and ${quantizations} of quantizations the catalogue does not have`,
    'Worst row by quantization',
    ...worst,
  ].join('\n')
}

/** Prints the comparison: `npm run bench file-size`. */
export function runFileSizeBench(): void {
  process.stdout.write(`${describeFileSizes(compareFileSizes())}\n`)
}
