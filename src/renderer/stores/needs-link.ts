import { DEFAULT_NEEDS, LICENSE_NEEDS, USE_CASES, type Needs } from '#core/advise/needs.ts'

/** Needs that differ from the defaults as the `needs` part of a link, `use:code,context:32768,users:4`; null when all are default. */
export function writeNeedsLink(needs: Needs): string | null {
  const words: string[] = []
  const differs = (key: keyof Needs): boolean => needs[key] !== DEFAULT_NEEDS[key]
  if (differs('useCase')) words.push(`use:${needs.useCase}`)
  if (differs('contextTokens')) words.push(`context:${needs.contextTokens}`)
  if (differs('users')) words.push(`users:${needs.users}`)
  if (differs('minTokensPerSecond')) words.push(`speed:${needs.minTokensPerSecond}`)
  if (differs('license')) words.push(`license:${needs.license}`)
  if (needs.maxFileBytes !== null) words.push(`file:${needs.maxFileBytes}`)
  if (needs.includeSuperseded) words.push('superseded:yes')
  if (needs.useReserve) words.push('reserve:use')
  return words.length === 0 ? null : words.join(',')
}

/** Reads a link's `needs`; words that make no sense are left out, the rest holds. */
export function readNeedsLink(text: string): Needs {
  let needs = DEFAULT_NEEDS
  for (const word of text.split(',')) {
    const [key = '', value = ''] = word.split(':', 2)
    needs = { ...needs, ...readWord(key, value) }
  }
  return needs
}

function readWord(key: string, value: string): Partial<Needs> {
  switch (key) {
    case 'use':
      return pick(USE_CASES, value, (useCase) => ({ useCase }))
    case 'license':
      return pick(LICENSE_NEEDS, value, (license) => ({ license }))
    case 'context':
      return whole(value, 1, (contextTokens) => ({ contextTokens }))
    case 'users':
      return whole(value, 1, (users) => ({ users }))
    case 'speed':
      return whole(value, 0, (minTokensPerSecond) => ({ minTokensPerSecond }))
    case 'file':
      return whole(value, 1, (maxFileBytes) => ({ maxFileBytes }))
    case 'superseded':
      return { includeSuperseded: value === 'yes' }
    case 'reserve':
      return { useReserve: value === 'use' }
    default:
      return {}
  }
}

function pick<T extends string>(
  words: readonly T[],
  value: string,
  make: (word: T) => Partial<Needs>,
): Partial<Needs> {
  const word = words.find((candidate) => candidate === value)
  return word === undefined ? {} : make(word)
}

/** Limits match the settings the backend accepts, so that a link cannot ask for what a form could not. */
const LARGEST = 1e15

function whole(value: string, least: number, make: (count: number) => Partial<Needs>): Partial<Needs> {
  const count = Number(value)
  return value !== '' && Number.isInteger(count) && count >= least && count <= LARGEST ? make(count) : {}
}
