import { type Lookup, nearestByName, normalizeName } from '#core/lookup/lookup.ts'
import { acceleratorIndex, acceleratorNames } from '#core/machine/accelerator-index.ts'
import { memoryInName, partTokens } from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

/**
 * Order among records a short name can mean: the one sold first, because the plain name is the older product's
 * ("RTX 3060" is the 12 GB card); on the same day the larger, then the one with more GPU cores.
 */
function byDefaultChoice(left: AcceleratorSpec, right: AcceleratorSpec): number {
  const leftReleased = left.released ?? '9999'
  const rightReleased = right.released ?? '9999'
  if (leftReleased !== rightReleased) return leftReleased < rightReleased ? -1 : 1
  const memory = (right.memoryOptionsBytes.at(-1) ?? 0) - (left.memoryOptionsBytes.at(-1) ?? 0)
  return memory === 0 ? (right.gpuCores ?? 0) - (left.gpuCores ?? 0) : memory
}

/** How many telling tokens a name has beyond the query's; infinite when it lacks one of them. */
function surplusTokens(query: readonly string[], name: readonly string[]): number {
  if (name.length < query.length) return Infinity
  const rest = [...name]
  for (const token of query) {
    const index = rest.indexOf(token)
    if (index < 0) return Infinity
    rest.splice(index, 1)
  }
  return rest.length
}

/** More words beyond the query than this and the record is only like it, not meant by it. */
const MOST_SURPLUS = 3

/** `M40`, `A770`: one letter and a number written as one word are one name, never the `M` and `40` of "M3 Max 40". */
function partWords(query: string): readonly string[] {
  return [...query.toLowerCase().matchAll(/(?<![a-z0-9])[a-z]\d+/g)].map(([word]) => word)
}

/** Computers people name with the chip, and `4080S` for SUPER, which is only tried where the letter is no name. */
const COMPUTER = /\b(?:macbook(?:\s+(?:pro|air))?|mac\s+(?:mini|studio|pro)|imac)\b/i
const SUPER = /(?<!\d)(\d{4})\s*(ti)?\s*s\b/i

function closestRecords(query: string, specs: readonly AcceleratorSpec[]): readonly AcceleratorSpec[] {
  const wanted = partTokens(query)
  if (wanted.length === 0) return []
  const { byToken } = acceleratorIndex(specs)
  const [fewest = []] = wanted
    .map((token) => byToken.get(token) ?? [])
    .sort((left, right) => left.length - right.length)
  const parts = partWords(query)
  const named = fewest.filter(({ spec }) =>
    parts.every((part) => acceleratorNames(spec).some((name) => normalizeName(name).includes(part))),
  )
  const scored = named.map(({ spec, lists }) => ({
    spec,
    surplus: Math.min(...lists.map((list) => surplusTokens(wanted, list))),
  }))
  const least = Math.min(...scored.map((entry) => entry.surplus))
  return least > MOST_SURPLUS
    ? []
    : scored.filter((entry) => entry.surplus === least).map((entry) => entry.spec)
}

function answer(records: readonly AcceleratorSpec[]): Lookup<AcceleratorSpec> | null {
  const [first] = records
  if (first === undefined) return null
  if (records.length === 1) return { kind: 'found', record: first }
  return { kind: 'ambiguous', candidates: [...records].sort(byDefaultChoice) }
}

/**
 * Finds a record by what a person types: `4090`, `RTX 3060 12GB`, `M2 Max 38`, `M4 Max 40-core`, `7900 XTX`.
 * A memory size in the query decides between variants. Ambiguous candidates come best guess first.
 */
export function findAccelerator(query: string, specs: readonly AcceleratorSpec[]): Lookup<AcceleratorSpec> {
  const wanted = normalizeName(query)
  const named = acceleratorIndex(specs).byExactName.get(wanted) ?? []
  const own = named.filter((spec) => normalizeName(spec.id) === wanted || normalizeName(spec.name) === wanted)
  const exact = own.length === 1 ? own[0] : named.length === 1 ? named[0] : undefined
  if (exact !== undefined) return { kind: 'found', record: exact }
  const plain = query.replace(COMPUTER, ' ')
  const close = closestRecords(plain, specs)
  const records = close.length > 0 ? close : closestRecords(plain.replace(SUPER, '$1 $2 super'), specs)
  const gibibytes = memoryInName(query)
  const sized =
    gibibytes === null
      ? records
      : records.filter((spec) => spec.memoryOptionsBytes.includes(gibibytesToBytes(gibibytes)))
  return (
    answer(sized.length > 0 ? sized : records) ?? {
      kind: 'unknown',
      nearest: nearestByName(query, { records: specs, namesOf: acceleratorNames }),
    }
  )
}
