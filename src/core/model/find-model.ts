import { oncePer } from '#core/lookup/once-per.ts'
import { nearestByName, normalizeName, type Lookup } from '#core/lookup/lookup.ts'
import type { Model } from '#core/model/model.ts'

/**
 * Words of a repository name that people leave out; a model is called by what remains. DeepSeek's versions stay: they
 * are what its models are called by.
 */
const LEFT_OUT =
  /\b(instruct|it|chat|hf|pt|bf16|gguf|meta|nvidia|c4ai|qat|(?<!deepseek-)v\d+(\.\d+)*|(0[1-9]|1[0-2])-20\d\d|2[3-6](0[1-9]|1[0-2])|(0[1-9]|1[0-2])2[3-6])\b/g

/** "8b", "30b-a3b", "8x7b", "17b-16e", "e4b", "270m": sizes people leave out where a name stands for one model. */
const SIZES = /\b(\d+x)?\d+(\.\d+)?b(-a\d+(\.\d+)?b)?\b|\b\d+e\b|\be\d+b\b|\b\d+m\b/g

/** "-a3b" of "30b-a3b": the active parameters, which people leave out. */
const ACTIVE = /(?<=\db)-a\d+(\.\d+)?b\b/g

function words(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_:/\s]+/g, '-')
    .replace(/\.gguf$/, '')
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** The name without what people leave out: `shortName('Meta-Llama-3-8B-Instruct') === '-llama-3-8b-'`. */
function shortName(name: string): string {
  return words(name).replace(LEFT_OUT, '')
}

function withoutActive(name: string): string {
  return shortName(name).replace(ACTIVE, '')
}

/** A family's name keeps its points: "qwen3.8" is another family than "qwen3-8". */
function familyName(name: string): string {
  return shortName(name)
    .replace(SIZES, '')
    .replace(/[^a-z0-9.]+|\.(?!\d)|(?<!\d)\./g, '')
}

/** A name as it is compared: letters and digits, and where one number ends and the next begins. */
interface Spelling {
  readonly key: string
  /** Places between two digits that punctuation parts, joined by a space. */
  readonly breaks: string
}

function spelling(name: string): Spelling {
  const key = normalizeName(name)
  const breaks: number[] = []
  let length = 0
  for (const [part] of name.toLowerCase().matchAll(/[a-z0-9]+/g)) {
    length += part.length
    if (/^\d\d$/.test(key.slice(length - 1, length + 1))) breaks.push(length)
  }
  return { key, breaks: breaks.join(' ') }
}

/** Punctuation is ignored, but "3-18b" is not "3.1-8b": numbers that the query parts are parted alike. */
function isSpelled(query: Spelling, name: Spelling): boolean {
  return query.key === name.key && (query.breaks === '' || query.breaks === name.breaks)
}

/** Names of one model, from the exact to the loose. */
interface ModelNames {
  readonly model: Model
  readonly exact: readonly Spelling[]
  readonly short: readonly Spelling[]
  readonly withoutActive: readonly Spelling[]
  readonly families: readonly string[]
  /** What the short name leaves out: asked for, it decides between releases of one model. */
  readonly leftOut: readonly string[]
}

function namesOf(model: Model): ModelNames {
  const part = lastPart(model.id)
  const short = [shortName(part), shortName(model.name)]
  // "deepseek-r1-671b", "mistral-nemo-12b": the size said where the official name does not.
  const size = `-${Math.round(model.parameters.text / 1e9)}b`
  return {
    model,
    exact: [model.id, part, model.name].map(spelling),
    short: [...short, ...short.map((name) => name + size)].map(spelling),
    withoutActive: [part, model.name].map(withoutActive).map(spelling),
    families: [familyName(part), familyName(model.name)],
    leftOut: words(part).match(LEFT_OUT) ?? [],
  }
}

const indexOf = oncePer((models: readonly Model[]): readonly ModelNames[] => models.map(namesOf))

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

/**
 * Releases of one model share a short name; what the query says beyond it decides, then the usual preference. A
 * version or date that no release has means other weights, so none of them is meant.
 */
function chooseRelease(query: string, releases: readonly ModelNames[]): Model | undefined {
  const asked = words(query).match(LEFT_OUT) ?? []
  const versions = asked.filter((word) => /^v?\d/.test(word))
  const meant = releases.filter((names) => versions.every((word) => names.leftOut.includes(word)))
  const fitting = meant.filter((names) => asked.every((word) => names.leftOut.includes(word)))
  return (fitting.length > 0 ? fitting : meant).toSorted(compareReleases)[0]?.model
}

function familyMembers(part: string, index: readonly ModelNames[]): readonly Model[] {
  const wanted = familyName(part)
  // A size or version in the query that led to no model is not a family's name.
  const isFamily = wanted !== '' && words(part).match(LEFT_OUT) === null && words(part).match(SIZES) === null
  return isFamily ? index.filter((names) => names.families.includes(wanted)).map((names) => names.model) : []
}

/**
 * Finds a model by its catalogue id, the last part of it, its name or the common short name (`llama-3.1-8b`,
 * `qwen3-30b-a3b`, `qwen3-30b`), case and punctuation ignored. A short name that means several releases of one model
 * gives the tuned, undated, newest one; a name that means several models is ambiguous.
 */
export function findModel(query: string, models: readonly Model[]): Lookup<Model> {
  const index = indexOf(models)
  const part = lastPart(query.trim())
  if (normalizeName(query) === '') return { kind: 'unknown', nearest: [] }
  const asked = [query, part].map(spelling)
  const exact = index.find((names) => names.exact.some((name) => asked.some((want) => isSpelled(want, name))))
  if (exact !== undefined) return { kind: 'found', record: exact.model }
  const short = spelling(shortName(part))
  for (const tier of ['short', 'withoutActive'] as const) {
    const releases = index.filter((names) => names[tier].some((name) => isSpelled(short, name)))
    const record = chooseRelease(part, releases)
    if (record !== undefined) return { kind: 'found', record }
  }
  const family = familyMembers(part, index)
  const [only] = family
  if (only !== undefined)
    return family.length === 1 ? { kind: 'found', record: only } : { kind: 'ambiguous', candidates: family }
  return {
    kind: 'unknown',
    nearest: nearestByName(query, { records: models, namesOf: (model) => [lastPart(model.id), model.name] }),
  }
}
