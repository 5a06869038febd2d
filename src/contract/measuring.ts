import * as z from 'zod'
import { BACKENDS } from '#core/machine/machine.ts'
import type { DryRunMethod } from '#core/measure/measurement.ts'

const MAX_CONTEXT_TOKENS = 100_000_000
const MAX_USERS = 1024
const name = z.string().min(1).max(300)

/** One llama.cpp plan on the machine the backend runs on, by the identifiers of the catalogue. */
export const planWishSchema = z.object({
  modelId: name,
  quantizationId: name,
  contextTokens: z.number().int().positive().max(MAX_CONTEXT_TOKENS),
  users: z.number().int().positive().max(MAX_USERS),
  kvType: z.enum(['f16', 'q8_0', 'q4_0']),
  gpuLayers: z.union([z.literal('auto'), z.number().int().nonnegative()]),
  useReserve: z.boolean(),
  backend: z.enum(BACKENDS).nullable(),
})

/** A dry run: the plan, how thoroughly, and whether to run it although it would fill the memory. */
export const measureWishSchema = z.object({
  plan: planWishSchema,
  method: z.enum(['quick', 'full']) satisfies z.ZodType<DryRunMethod>,
  /** Sequences decoded at once: 1 always, and these. Default in the app: 1, 2, 4, 8 in full, 1 in quick. */
  streams: z.array(z.number().int().min(1).max(64)).max(8).readonly(),
  force: z.boolean(),
})

/** Identifiers of kept measurements. */
export const measurementIdsSchema = z.object({ ids: z.array(z.string().min(1).max(100)).max(10_000) })

/** JSON lines as `measurements export` writes them. */
export const importSchema = z.object({ text: z.string().max(15 * 1024 * 1024) })

/** {@link planWishSchema} as a type. */
export type PlanWish = z.infer<typeof planWishSchema>
/** {@link measureWishSchema} as a type. */
export type MeasureWish = z.infer<typeof measureWishSchema>

/** What a dry run will ask of the machine, said before it starts. */
export interface MeasurePreview {
  /** Wall time, from the estimate; the truth lies between these in most cases. */
  readonly lowSeconds: number
  readonly highSeconds: number
  /** RAM and accelerator memory it will hold at its fullest. */
  readonly memoryBytes: number
  readonly freeMemoryBytes: number
  /** Bytes the file really takes on disk: a few MB where the file system leaves holes, all of it where not. */
  readonly diskBytes: number
  readonly freeDiskBytes: number | null
  readonly sparse: boolean
  /** Repeating layers of each file that is written: two depths in quick mode, all in full. */
  readonly layers: readonly number[]
  /** Null: it may start. */
  readonly refusal: MeasureRefusal | null
}

/** Why a dry run is not started. */
export interface MeasureRefusal {
  readonly message: string
  readonly nextStep: string
  /** It may be forced at the user's own risk. */
  readonly canForce: boolean
}

/** Parts of a dry run, in their order. */
export const MEASURE_STAGES = ['writing', 'loading', 'prefill', 'decode', 'finishing'] as const
/** One of {@link MEASURE_STAGES}. */
export type MeasureStage = (typeof MEASURE_STAGES)[number]

/** One repetition, for the live chart. */
export interface MeasureSample {
  readonly kind: 'prefill' | 'decode'
  /** Repeating layers of the file that ran; fewer than the model's in quick mode. */
  readonly layers: number
  readonly depthTokens: number
  readonly streams: number
  /** Of all streams together, of the file that ran. */
  readonly tokensPerSecond: number
}

/** What a running dry run says of itself. */
export interface MeasureUpdate {
  readonly stage: MeasureStage
  /** Share of the work done, 0 to 1. */
  readonly fraction: number
  /** Null while it cannot be told. */
  readonly secondsLeft: number | null
  readonly residentBytes: number | null
  readonly sample: MeasureSample | null
}

/** What an import did. */
export interface ImportResult {
  readonly added: number
  /** Already kept. */
  readonly known: number
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

/** One step of measuring the machine itself. */
export interface MachineSpeedUpdate {
  readonly fraction: number
  /** What runs now, in words: "Q4_K_M, decoding". */
  readonly step: string
}
