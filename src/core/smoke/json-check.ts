import { quotedText } from '#core/smoke/quoted-text.ts'
import {
  failed,
  passed,
  question,
  silenceWords,
  type SmokeAbout,
  type SmokeCheck,
} from '#core/smoke/smoke-check.ts'

/** Fields that an answer must have, all of them and no others. */
type JsonFields = Readonly<Record<string, 'string' | 'boolean'>>

const CITY: JsonFields = { name: 'string', country: 'string', isCapital: 'boolean' }
/** The pilot knows one form. */
const MANUAL: JsonFields = { answer: 'string' }

/** An answer that a program can read: held to a schema by the engine, whatever the model would rather say. */
export function jsonCheck(about: SmokeAbout): SmokeCheck {
  const isPilot = about.kind === 'pilot'
  const fields = isPilot ? MANUAL : CITY
  const text = isPilot
    ? 'What is quantization? Answer as JSON.'
    : 'Describe the city of Paris as JSON: its "name", its "country", and "isCapital", which is true or false.'
  return {
    kind: 'asked',
    id: 'valid-json',
    questions: [question(text, about, { jsonSchema: JSON.stringify(schemaOf(fields)) })],
    grade: ({ answers: [answer] }) => {
      const silence = silenceWords(answer)
      if (answer === undefined || silence !== null) return failed(silence ?? '')
      const fault = faultOf(answer.text, fields)
      return fault === null
        ? passed(`It is valid JSON with ${listOf(fields)}, as the schema wants.`)
        : failed(`Expected JSON with ${listOf(fields)}; ${fault}: ${quotedText(answer.text)}.`)
    },
  }
}

function schemaOf(fields: JsonFields): object {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }])),
    required: Object.keys(fields),
    additionalProperties: false,
  }
}

function listOf(fields: JsonFields): string {
  return Object.keys(fields)
    .map((name) => `"${name}"`)
    .join(', ')
}

/** What is wrong with a text, in words; null where it is what the schema wants. */
function faultOf(text: string, fields: JsonFields): string | null {
  const value = parsed(text)
  if (value === undefined) return 'this is no JSON'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'this is no object'
  const found = new Map<string, unknown>(Object.entries(value))
  for (const [name, type] of Object.entries(fields)) {
    if (!found.has(name)) return `"${name}" is missing`
    if (typeof found.get(name) !== type) return `"${name}" is no ${type}`
  }
  return found.size === Object.keys(fields).length ? null : 'it has more than that'
}

/** Undefined where it is no JSON: a text never is undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not being JSON is what is asked here, and answered by undefined.
    return undefined
  }
}
