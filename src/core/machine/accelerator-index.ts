import { oncePer } from '#core/lookup/once-per.ts'
import { normalizeName } from '#core/lookup/lookup.ts'
import { marketingName, partTokens } from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'

/** Names of the table in the forms they are looked up by, made once per table. */
export interface AcceleratorIndex {
  /** Normalized name or alias to the records that carry it. */
  readonly byExactName: ReadonlyMap<string, readonly AcceleratorSpec[]>
  /** Sorted telling tokens, joined by a space, to the records one of whose names has exactly these. */
  readonly byTokens: ReadonlyMap<string, readonly AcceleratorSpec[]>
  /** Each telling token to the records that have it in one of their names. */
  readonly byToken: ReadonlyMap<string, readonly TokenizedSpec[]>
}

/** A record and the telling tokens of each of its names. */
interface TokenizedSpec {
  readonly spec: AcceleratorSpec
  readonly lists: readonly (readonly string[])[]
}

/** All names of a record: id, name, aliases. */
export function acceleratorNames(spec: AcceleratorSpec): readonly string[] {
  return [spec.id, spec.name, ...spec.aliases]
}

function add(map: Map<string, AcceleratorSpec[]>, key: string, spec: AcceleratorSpec): void {
  if (key === '') return
  const specs = map.get(key)
  if (specs === undefined) map.set(key, [spec])
  else if (!specs.includes(spec)) specs.push(spec)
}

function build(specs: readonly AcceleratorSpec[]): AcceleratorIndex {
  const byExactName = new Map<string, AcceleratorSpec[]>()
  const byTokens = new Map<string, AcceleratorSpec[]>()
  const byToken = new Map<string, TokenizedSpec[]>()
  for (const spec of specs) {
    const names = acceleratorNames(spec)
    for (const name of names) add(byExactName, normalizeName(name), spec)
    const lists = names.map(partTokens)
    // The id's tokens are for lookups only: a driver never prints it.
    for (const list of [...lists.slice(1), ...names.slice(1).map((name) => partTokens(marketingName(name)))])
      add(byTokens, list.join(' '), spec)
    const tokenized = { spec, lists }
    for (const token of new Set(lists.flat())) {
      const entries = byToken.get(token)
      if (entries === undefined) byToken.set(token, [tokenized])
      else entries.push(tokenized)
    }
  }
  return { byExactName, byTokens, byToken }
}

/** The index of this table; the same array gives the same index. */
export const acceleratorIndex = oncePer(build)
