import { gibibytesToBytes } from '#core/units/units.ts'
import type { WhatIf } from '#core/machine/what-if.ts'
import { parseMemorySize } from '../input/parse-memory-size.ts'
import type { PlanWish } from '../plan-request.ts'
import { batchLineSchema } from '../schema/batch-schema.ts'

type BatchId = string | number

export type BatchLine =
  | {
      readonly kind: 'wish'
      readonly id: BatchId
      readonly wish: PlanWish
      readonly whatIf: WhatIf | null
      /** Fields that mean nothing here: named in the answer, so that a typing slip is seen. */
      readonly ignored: readonly string[]
    }
  | { readonly kind: 'error'; readonly id: BatchId; readonly error: string }

const KNOWN_FIELDS: ReadonlySet<string> = new Set(Object.keys(batchLineSchema.shape))

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(fields: Record<string, unknown>, lineNumber: number): BatchId {
  return typeof fields.id === 'string' || typeof fields.id === 'number' ? fields.id : lineNumber
}

function parseRecord(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : 'the line is not a JSON object'
  } catch (error) {
    return `the line is not JSON (${error instanceof Error ? error.message : String(error)})`
  }
}

function ramBytes(ram: string | number | undefined): {
  readonly bytes: number | null
  readonly error: string | null
} {
  if (ram === undefined) return { bytes: null, error: null }
  if (typeof ram === 'number') return { bytes: gibibytesToBytes(ram), error: null }
  const size = parseMemorySize(ram)
  return size.kind === 'ok'
    ? { bytes: size.value, error: null }
    : { bytes: null, error: `ram: ${size.message}` }
}

/** Reads one line of a batch; null in a field counts as left out, as scripts write it. */
export function parseBatchLine(text: string, lineNumber: number): BatchLine {
  const fields = parseRecord(text)
  if (typeof fields === 'string') return { kind: 'error', id: lineNumber, error: fields }
  const id = idOf(fields, lineNumber)
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  const result = batchLineSchema.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    const field = issue?.path.join('.') ?? ''
    const reason = issue?.message.replace(/^Invalid (input|option): /, '') ?? 'it does not match'
    return { kind: 'error', id, error: field === '' ? reason : `${field}: ${reason}` }
  }
  const { gpu, vramGb, ram, cpuCores, id: _id, ...wish } = result.data
  const memory = ramBytes(ram)
  if (memory.error !== null) return { kind: 'error', id, error: memory.error }
  const isAsIf = [gpu, vramGb, ram, cpuCores, wish.backend].some((value) => value !== undefined)
  const whatIf: WhatIf = {
    gpus: gpu === undefined ? [] : typeof gpu === 'string' ? [gpu] : gpu,
    vramBytes: vramGb === undefined ? null : gibibytesToBytes(vramGb),
    ramBytes: memory.bytes,
    cpuCores: cpuCores ?? null,
    backend: wish.backend ?? null,
  }
  const ignored = Object.keys(given).filter((name) => !KNOWN_FIELDS.has(name))
  return { kind: 'wish', id, wish, whatIf: isAsIf ? whatIf : null, ignored }
}
