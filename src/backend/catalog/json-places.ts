/**
 * Where things stand in a JSON text. `JSON.parse` forgets positions and gives up at the first mistake; a person who
 * edits a file by hand needs the line, and everything but the broken entry.
 */

interface Token {
  readonly text: string
  readonly offset: number
}

/** One element of the list of records, as it stands in the file. */
export interface RecordText {
  readonly text: string
  /** Line of its first character, from 1. */
  readonly line: number
}

export type ParsedRecord =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly line: number; readonly message: string }

/** Strings, brackets and commas, and runs of anything else that is not white space (numbers, words, mistakes). */
const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"]+/g

function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), (match) => ({ text: match[0], offset: match.index }))
}

/** Line of a character, from 1. */
function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/**
 * Cuts the list of records (a list, or an object with `records`) into its elements without parsing them, so that one
 * broken element does not take the others with it. Null: there is no list.
 */
export function splitRecords(text: string): RecordText[] | null {
  const tokens = tokensOf(text)
  const start = startOfList(tokens)
  if (start === null) return null
  const records: RecordText[] = []
  let depth = 0
  let first: Token | null = null
  for (const token of tokens.slice(start + 1)) {
    if (depth === 0 && (token.text === ',' || token.text === ']')) {
      if (first !== null) records.push(cut(text, first, token.offset))
      first = null
      if (token.text === ']') return records
      continue
    }
    if (depth === 0 && first !== null && token.text === '{') {
      records.push(cut(text, first, token.offset))
      first = null
    }
    first ??= token
    depth += depthChange(token)
  }
  if (first !== null) records.push(cut(text, first, text.length))
  return records
}

function startOfList(tokens: readonly Token[]): number | null {
  if (tokens[0]?.text === '[') return 0
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (depth === 1 && token.text === '"records"' && tokens[index + 2]?.text === '[') return index + 2
    depth += depthChange(token)
  }
  return null
}

function cut(text: string, first: Token, end: number): RecordText {
  return { text: text.slice(first.offset, end).trimEnd(), line: lineAt(text, first.offset) }
}

function depthChange(token: Token): number {
  if (token.text === '{' || token.text === '[') return 1
  return token.text === '}' || token.text === ']' ? -1 : 0
}

/** Parses one record; a syntax error comes back with its line in the whole file. */
export function parseRecord(record: RecordText): ParsedRecord {
  try {
    return { kind: 'value', value: JSON.parse(record.text) as unknown }
  } catch {
    // The engine's own message has no line, so the mistake is looked for here.
    const mistake = firstMistake(tokensOf(record.text))
    const line = record.line + lineAt(record.text, mistake?.offset ?? record.text.length) - 1
    const where = mistake === null ? 'it ends too early' : `unexpected ${mistake.text}`
    return { kind: 'broken', line, message: `is not valid JSON: ${where}` }
  }
}

type Expected = 'value' | 'value or end' | 'colon' | 'comma or end' | 'key' | 'key or end'

/** The first token that cannot stand where it stands; null when the text just ends too early. */
function firstMistake(tokens: readonly Token[]): Token | null {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  for (const token of tokens) {
    const next = after(token.text, expected, open)
    if (next === null) return token
    expected = next
  }
  return null
}

function after(text: string, expected: Expected, open: ('{' | '[')[]): Expected | null {
  if (text === '}' || text === ']') {
    if (expected === 'value' || expected === 'key' || expected === 'colon') return null
    return open.pop() === (text === '}' ? '{' : '[') ? 'comma or end' : null
  }
  switch (expected) {
    case 'colon':
      return text === ':' ? 'value' : null
    case 'comma or end':
      if (text !== ',') return null
      return open.at(-1) === '{' ? 'key' : open.length > 0 ? 'value' : null
    case 'key':
    case 'key or end':
      return isScalar(text) && text.startsWith('"') ? 'colon' : null
    case 'value':
    case 'value or end':
      if (text === '{' || text === '[') {
        open.push(text)
        return text === '{' ? 'key or end' : 'value or end'
      }
      return isScalar(text) ? 'comma or end' : null
  }
}

function isScalar(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Line of the value at a path; of the nearest thing around it where the path does not exist. */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  const tokens = tokensOf(text)
  let cursor = 0
  for (const key of path) {
    const next = child(tokens, cursor, key)
    if (next === null) break
    cursor = next
  }
  return lineAt(text, tokens[cursor]?.offset ?? 0)
}

/** Cursor of a property's or an element's value. */
function child(tokens: readonly Token[], parent: number, key: PropertyKey): number | null {
  const isList = tokens[parent]?.text === '['
  if (!isList && tokens[parent]?.text !== '{') return null
  let position = 0
  for (let cursor = parent + 1; cursor < tokens.length; position++) {
    const token = tokens[cursor]
    if (token === undefined || token.text === ']' || token.text === '}') return null
    const value = isList ? cursor : cursor + 2
    if (isList ? position === key : token.text === JSON.stringify(key)) return value
    cursor = endOf(tokens, value) + 1
    if (tokens[cursor]?.text === ',') cursor++
  }
  return null
}

/** Cursor of the last token of the value that starts here. */
function endOf(tokens: readonly Token[], start: number): number {
  let depth = 0
  for (let cursor = start; cursor < tokens.length; cursor++) {
    const token = tokens[cursor]
    if (token !== undefined) depth += depthChange(token)
    if (depth <= 0) return cursor
  }
  return tokens.length - 1
}
