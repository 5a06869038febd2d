/** Outcome of looking a record up by what a person typed; `nearest` and `candidates` are best first. */
export type Lookup<T> =
  | { readonly kind: 'found'; readonly record: T }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly T[] }
  | { readonly kind: 'unknown'; readonly nearest: readonly T[] }

/** Letters and digits in lower case, all else dropped: `normalizeName('Llama-3.1 8B') === 'llama318b'`. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '')
}

/** Words and numbers of a name in lower case: `nameTokens('RTX4090 Ti')` is `rtx`, `4090`, `ti`. */
export function nameTokens(name: string): readonly string[] {
  return name.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? []
}

function bigrams(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (let index = 0; index + 1 < text.length; index += 1) {
    const pair = text.slice(index, index + 2)
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  return counts
}

/** Dice coefficient over letter pairs: 1 for equal names, 0 for names that share no pair; forgives typos and order. */
function pairSimilarity(left: string, right: string): number {
  if (left === right) return 1
  const rightPairs = bigrams(right)
  let shared = 0
  for (const [pair, count] of bigrams(left)) shared += Math.min(count, rightPairs.get(pair) ?? 0)
  const pairs = left.length + right.length - 2
  return pairs <= 0 ? 0 : (2 * shared) / pairs
}

function tokenOverlap(wanted: readonly string[], offered: readonly string[]): number {
  if (wanted.length === 0) return 0
  const have = new Set(offered)
  return wanted.filter((token) => have.has(token)).length / wanted.length
}

/** How alike two names are, 0 to 1; whole words and numbers count as much as letter pairs. */
function nameSimilarity(query: string, name: string): number {
  const pairs = pairSimilarity(normalizeName(query), normalizeName(name))
  return 0.5 * pairs + 0.5 * tokenOverlap(nameTokens(query), nameTokens(name))
}

/** The records to search, and the names each goes by. */
export interface NearestOptions<T> {
  readonly records: readonly T[]
  readonly namesOf: (record: T) => readonly string[]
  /** Default 3: what fits in one line of an error message. */
  readonly limit?: number
}

/** Below this the "nearest" name has nothing to do with the query; nothing is better than a wrong hint. */
const LEAST_SIMILARITY = 0.2

/** Records whose names are most like the query, best first; ties keep the order of the records. */
export function nearestByName<T>(query: string, options: NearestOptions<T>): readonly T[] {
  const scored = options.records.map((record) => ({
    record,
    similarity: Math.max(0, ...options.namesOf(record).map((name) => nameSimilarity(query, name))),
  }))
  return scored
    .filter((entry) => entry.similarity >= LEAST_SIMILARITY)
    .sort((left, right) => right.similarity - left.similarity)
    .slice(0, options.limit ?? 3)
    .map((entry) => entry.record)
}

/** Finds the records one of whose names equals the query, case and punctuation ignored. */
export function lookUpByName<T>(query: string, options: NearestOptions<T>): Lookup<T> {
  const wanted = normalizeName(query)
  const matches =
    wanted === ''
      ? []
      : options.records.filter((record) =>
          options.namesOf(record).some((name) => normalizeName(name) === wanted),
        )
  const [first] = matches
  if (first === undefined) return { kind: 'unknown', nearest: nearestByName(query, options) }
  return matches.length === 1 ? { kind: 'found', record: first } : { kind: 'ambiguous', candidates: matches }
}
