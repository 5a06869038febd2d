import { measurementRecordSchema } from '#backend/store/measurement-schema.ts'
import type { MachineSpeed, Measurement } from '#core/measure/measurement.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'

/** What is kept and exchanged: one JSON object a line. */
export type MeasurementRecord = Measurement | MachineSpeed | SmokeRecord

const SCHEMAS: readonly unknown[] = [
  'inhouse/measurement/1',
  'inhouse/machine-speed/1',
  'inhouse/smoke-test/1',
] satisfies readonly MeasurementRecord['schema'][]

/** A record, or why a text is none: in words that repeat nothing of the text, so that they can be shown anywhere. */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: MeasurementRecord }
  | { readonly kind: 'rejected'; readonly reason: string }

/** A thousand samples and buffers take a tenth of it. */
const MAX_LINE_CHARACTERS = 1_000_000

/** Reads one line of an exchanged file, or one kept record. */
export function parseRecord(text: string): ParsedRecord {
  if (text.length > MAX_LINE_CHARACTERS) return rejected('It is longer than any measurement.')
  const value = parseJson(text)
  if (value === undefined) return rejected('It is not JSON.')
  if (!saysItsSchema(value))
    return rejected('It is not a measurement of Inhouse: its "schema" says no kind of it.')
  const checked = measurementRecordSchema.safeParse(value)
  if (checked.success) return { kind: 'record', record: checked.data }
  const [issue] = checked.error.issues
  const where = issue?.path.map(String).join('.') ?? ''
  const reason = issue?.message.replace(/^Invalid input: /, '') ?? 'not what its schema says'
  return rejected(`${where}: ${reason}.`)
}

/** The line of a record, without its end. */
export function recordLine(record: MeasurementRecord): string {
  return JSON.stringify(record)
}

function rejected(reason: string): ParsedRecord {
  return { kind: 'rejected', reason }
}

/** Undefined where it is no JSON: a text never is undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A syntax error, or a nesting deeper than the stack: either way nothing to read.
    return undefined
  }
}

function saysItsSchema(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return false
  return SCHEMAS.includes(value.schema)
}
