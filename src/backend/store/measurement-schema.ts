import * as z from 'zod'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import { BACKENDS } from '#core/machine/machine.ts'
import type { MachineSpeed, Measurement } from '#core/measure/measurement.ts'
import { SMOKE_CHECKS, type SmokeRecord } from '#core/smoke/smoke-record.ts'

/**
 * Text of a colleague's file is shown, so what drives a terminal or turns the reading direction is refused, as in the
 * catalogue. Names of devices are the longest of these texts.
 */
const PRINTABLE = /^[^\p{Cc}\u2028-\u202e\u2066-\u2069]+$/u
const shortText = z.string().max(300).regex(PRINTABLE, 'must be printable text, not empty')

/** Far above any machine, low enough that sums of these stay exact and no division by one is nothing. */
const MOST = 1e15
const positive = z.number().positive().max(MOST)
const notNegative = z.number().nonnegative().max(MOST)
const count = z.number().int().nonnegative().max(MOST)
const atLeastOne = z.number().int().positive().max(MOST)

const engine = z.object({
  name: z.literal('llama.cpp'),
  release: shortText.nullable(),
  nodeLlamaCpp: shortText,
  backend: z.enum(BACKENDS),
  threads: count,
})

const about = {
  id: z.string().regex(/^[\w-]{8,100}$/, 'must be an identifier like the ones Inhouse gives'),
  measuredAt: z.iso.datetime(),
  machine: z.string().max(2000).regex(PRINTABLE, 'must be printable text, not empty'),
  machineName: z.string().max(2000).regex(PRINTABLE, 'must be printable text, not empty'),
  engine,
  othersBusyProcessors: notNegative.nullable(),
  tookSeconds: notNegative,
}

const speed = {
  tokensPerSecond: positive,
  lowTokensPerSecond: positive,
  highTokensPerSecond: positive,
  repetitions: atLeastOne,
}

interface Spread {
  readonly tokensPerSecond: number
  readonly lowTokensPerSecond: number
  readonly highTokensPerSecond: number
}

function holdsItsMedian({ tokensPerSecond, lowTokensPerSecond, highTokensPerSecond }: Spread): boolean {
  return lowTokensPerSecond <= tokensPerSecond && tokensPerSecond <= highTokensPerSecond
}
const SPREAD = 'the spread does not hold the speed itself'

const decode = z.object({ ...speed, depthTokens: count, streams: atLeastOne }).refine(holdsItsMedian, SPREAD)
const prefill = z.object({ ...speed, promptTokens: atLeastOne }).refine(holdsItsMedian, SPREAD)

/** llama.cpp tells sizes of buffers in hundredths of a MiB: not all bytes are whole. */
const buffers = z
  .array(
    z.object({
      place: shortText,
      use: z.enum(['weights', 'kvCache', 'state', 'compute', 'output']),
      bytes: notNegative,
    }),
  )
  .max(1000)

const memory = z.object({
  residentBytes: notNegative,
  mappedBytes: notNegative.nullable(),
  anonymousBytes: notNegative.nullable(),
  baselineBytes: notNegative.nullable(),
  acceleratorBytes: notNegative.nullable(),
  buffers,
})

/** One measured plan, as a line of an exchanged file and as kept. */
export const measurementSchema = z.object({
  schema: z.literal('inhouse/measurement/1'),
  ...about,
  method: z.enum(['quick', 'full', 'real']),
  plan: z.object({
    modelId: shortText,
    quantizationId: shortText,
    contextTokens: atLeastOne,
    users: atLeastOne,
    kvType: z.enum(['f16', 'q8_0', 'q4_0']),
    flashAttention: z.boolean(),
    mode: z.enum(['gpu', 'multi-gpu', 'unified', 'experts-in-ram', 'partial', 'cpu']),
    gpuLayers: count,
  }),
  decode: z.array(decode).max(1000),
  prefill: z.array(prefill).max(1000),
  memory: memory.nullable(),
})

/** The speed of a machine, as a line of an exchanged file and as kept. */
export const machineSpeedSchema = z.object({
  schema: z.literal('inhouse/machine-speed/1'),
  ...about,
  formats: z
    .array(
      z.object({
        quantizationId: shortText,
        readBytesPerSecond: positive,
        lowReadBytesPerSecond: positive,
        highReadBytesPerSecond: positive,
        prefillFlopsPerSecond: positive,
      }),
    )
    .max(200),
  cacheBytesPerSecond: positive.nullable(),
  layerSeconds: notNegative,
})

/** Far above what an answer of a smoke test may be long, and its long prompt. */
const MAX_SAID_CHARACTERS = 100_000
/** What was said is shown as text, never interpreted: lines, signs of every script and direction marks belong to it. */
const said = z.string().max(MAX_SAID_CHARACTERS)

/** One smoke test, as a line of an exchanged file and as kept. */
export const smokeRecordSchema = z.object({
  schema: z.literal('inhouse/smoke-test/1'),
  ...about,
  engine: engine.nullable(),
  subject: z.object({
    name: shortText,
    kind: z.enum(['pilot', 'file', 'endpoint']),
    fileName: shortText.nullable(),
    fileBytes: notNegative.nullable(),
    modelId: shortText.nullable(),
    quantizationId: shortText.nullable(),
    adapters: z.array(z.object({ fileName: shortText, scale: z.number().min(-1000).max(1000) })).max(8),
  }),
  contextTokens: atLeastOne.nullable(),
  gpuLayers: count.nullable(),
  passed: z.boolean(),
  checks: z
    .array(
      z.object({
        id: z.enum(SMOKE_CHECKS),
        outcome: z.enum(['passed', 'failed', 'not-asked']),
        why: z.string().max(2000).regex(PRINTABLE, 'must be printable text, not empty'),
        transcript: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), text: said })).max(100),
        tookSeconds: notNegative,
      }),
    )
    .max(100),
  bench: z
    .object({
      prefill: z.object({ ...speed, promptTokens: atLeastOne }).refine(holdsItsMedian, SPREAD),
      decode: z.object({ ...speed, generatedTokens: atLeastOne }).refine(holdsItsMedian, SPREAD),
    })
    .nullable(),
  memory: z.object({ residentBytes: notNegative, acceleratorBytes: notNegative.nullable() }).nullable(),
  buffers,
})

/** Any kind of record, told apart by its `schema`. */
export const measurementRecordSchema = z.discriminatedUnion('schema', [
  measurementSchema,
  machineSpeedSchema,
  smokeRecordSchema,
])

true satisfies SameType<Measurement, z.infer<typeof measurementSchema>>
true satisfies SameType<MachineSpeed, z.infer<typeof machineSpeedSchema>>
true satisfies SameType<SmokeRecord, z.infer<typeof smokeRecordSchema>>
