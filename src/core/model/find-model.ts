import { nearestByName, normalizeName, type Lookup } from '#core/lookup/lookup.ts'
import type { Model } from '#core/model/model.ts'

/** Words of a repository name that people leave out; a model is called by what remains. */
const LEFT_OUT =
  /\b(instruct|it|chat|hf|pt|bf16|gguf|meta|nvidia|c4ai|qat|v\d+(\.\d+)*|(0[1-9]|1[0-2])-20\d\d|2[3-6](0[1-9]|1[0-2])|(0[1-9]|1[0-2])2[3-6])\b/g

/** "8b", "30b-a3b", "8x7b", "17b-16e": sizes people leave out where a name stands for one model. */
const SIZES = /\b(\d+x)?\d+(\.\d+)?b(-a\d+(\.\d+)?b)?\b|\b\d+e\b/g

function words(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_:/\s]+/g, '-')
    .replace(/\.gguf$/, '')
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** The name without what people leave out: `shortName('Meta-Llama-3-8B-Instruct') === 'llama38b'`. */
function shortName(name: string): string {
  return normalizeName(words(name).replace(LEFT_OUT, ''))
}

function nameWithoutSize(name: string): string {
  return normalizeName(words(name).replace(LEFT_OUT, '').replace(SIZES, ''))
}

/** Names of one model, from the exact to the loose. */
interface ModelNames {
  readonly model: Model
  readonly exact: readonly string[]
  readonly short: readonly string[]
  readonly withoutSize: readonly string[]
  /** What the short name leaves out: asked for, it decides between releases of one model. */
  readonly leftOut: readonly string[]
}

function namesOf(model: Model): ModelNames {
  const part = lastPart(model.id)
  const short = [shortName(part), shortName(model.name)]
  // "deepseek-r1-671b", "mistral-nemo-12b": the size said where the official name does not.
  const size = `${Math.round(model.parameters.text / 1e9)}b`
  return {
    model,
    exact: [model.id, part, model.name].map(normalizeName),
    short: [...short, ...short.map((name) => name + size)],
    withoutSize: [nameWithoutSize(part), nameWithoutSize(model.name)],
    leftOut: words(part).match(LEFT_OUT) ?? [],
  }
}

const indexes = new WeakMap<readonly Model[], readonly ModelNames[]>()

function indexOf(models: readonly Model[]): readonly ModelNames[] {
  const known = indexes.get(models)
  if (known !== undefined) return known
  const index = models.map(namesOf)
  indexes.set(models, index)
  return index
}

/** A release of the same model: tuned before base, undated before dated, newest before older. */
function compareReleases(left: ModelNames, right: ModelNames): number {
  const isBase = (names: ModelNames): number => (names.model.kind === 'base' ? 1 : 0)
  const isDated = (names: ModelNames): number => (names.leftOut.some((word) => /^\d/.test(word)) ? 1 : 0)
  return (
    isBase(left) - isBase(right) ||
    isDated(left) - isDated(right) ||
    right.model.released.localeCompare(left.model.released, 'en')
  )
}

/** Releases of one model share a short name; what the query says beyond it decides, then the usual preference. */
function chooseRelease(query: string, releases: readonly ModelNames[]): Model | undefined {
  const asked = words(query).match(LEFT_OUT) ?? []
  const fitting = releases.filter((names) => asked.every((word) => names.leftOut.includes(word)))
  return (fitting.length > 0 ? fitting : releases).toSorted(compareReleases)[0]?.model
}

/**
 * Finds a model by its catalogue id, the last part of it, its name or the common short name (`llama-3.1-8b`,
 * `qwen3-30b-a3b`), case and punctuation ignored. A short name that means several releases of one model gives the
 * tuned, undated, newest one; a name that means several models is ambiguous.
 */
export function findModel(query: string, models: readonly Model[]): Lookup<Model> {
  const index = indexOf(models)
  const part = lastPart(query.trim())
  const full = normalizeName(query)
  if (full === '') return { kind: 'unknown', nearest: [] }
  const exact = index.find((names) => names.exact.includes(full) || names.exact.includes(normalizeName(part)))
  if (exact !== undefined) return { kind: 'found', record: exact.model }
  const wanted = shortName(part)
  const record = chooseRelease(
    part,
    index.filter((names) => names.short.includes(wanted)),
  )
  if (record !== undefined) return { kind: 'found', record }
  const family = index.filter((names) => names.withoutSize.includes(wanted)).map((names) => names.model)
  const [only] = family
  if (only !== undefined)
    return family.length === 1 ? { kind: 'found', record: only } : { kind: 'ambiguous', candidates: family }
  return {
    kind: 'unknown',
    nearest: nearestByName(query, { records: models, namesOf: (model) => [lastPart(model.id), model.name] }),
  }
}
