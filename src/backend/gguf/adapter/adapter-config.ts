import { z } from 'zod'
import { adapterFault } from '#backend/gguf/adapter/adapter-fault.ts'

/** What is used of PEFT's `adapter_config.json`. */
export interface AdapterConfig {
  readonly rank: number
  readonly alpha: number
  readonly isRankStabilized: boolean
}

const pattern = z.record(z.string(), z.unknown()).nullish()
const configSchema = z.object({
  peft_type: z.string().max(64),
  r: z.number().int().positive().max(65_536),
  lora_alpha: z.number().positive(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  alpha_pattern: pattern,
  rank_pattern: pattern,
})

/** Reads the text of an `adapter_config.json`. Throws `FILE_INVALID` for what llama.cpp cannot apply. */
export function parseAdapterConfig(json: string): AdapterConfig {
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch (error) {
    throw damaged(error)
  }
  const parsed = configSchema.safeParse(raw)
  if (!parsed.success) throw damaged(parsed.error)
  const config = parsed.data
  const isRankStabilized = config.use_rslora === true
  const obstacle =
    config.peft_type !== 'LORA'
      ? `it is of the kind ${config.peft_type}, not LORA`
      : config.use_dora === true
        ? 'it is a DoRA, whose magnitudes llama.cpp does not know'
        : config.fan_in_fan_out === true
          ? 'its matrices are stored transposed (fan_in_fan_out)'
          : isFilled(config.alpha_pattern)
            ? 'its parts have different strengths (alpha_pattern)'
            : isRankStabilized && isFilled(config.rank_pattern)
              ? 'its parts have different ranks and are scaled by them (use_rslora with rank_pattern)'
              : null
  if (obstacle !== null)
    throw adapterFault(
      `The adapter cannot be used with llama.cpp: ${obstacle}.`,
      'Merge it into its base model and convert the merged model to GGUF.',
    )
  return { rank: config.r, alpha: config.lora_alpha, isRankStabilized }
}

function isFilled(values: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return Object.keys(values ?? {}).length > 0
}

function damaged(cause: unknown) {
  return adapterFault(
    'The adapter_config.json is not what PEFT writes: r, lora_alpha or peft_type is missing or wrong.',
    'Download or save the adapter again.',
    cause,
  )
}
