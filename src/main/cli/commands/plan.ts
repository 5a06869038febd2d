import type { Engine, KvType } from '#core/quant/quantization.ts'
import type { CliContext } from '../cli-context.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { usageError } from '../usage-error.ts'

export interface PlanOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly quant?: string
  readonly context?: number
  readonly kv?: KvType
  readonly users?: number
  readonly gpuLayers?: number | 'auto' | 'all'
  readonly engine?: Engine
  readonly depth?: number
  readonly useReserve?: boolean
  readonly batch?: string
  readonly exact?: boolean
}

/** Options that say what one plan is; in a batch each line says it for itself. */
const PLAN_OPTIONS = [
  'quant',
  'context',
  'kv',
  'users',
  'gpuLayers',
  'engine',
  'depth',
  'useReserve',
] as const

function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function checkBatchStandsAlone(model: string | undefined, options: PlanOptions): void {
  if (model !== undefined) {
    throw usageError(
      `--batch takes its models from the lines; "${model}" is one too many.`,
      'Leave out either.',
    )
  }
  const given = PLAN_OPTIONS.filter((option) => options[option] !== undefined)
  if (given.length === 0) return
  throw usageError(
    `${given.map(flagOf).join(', ')} cannot be combined with --batch.`,
    'Write it into the lines: {"model": "llama-3.1-8b", "quant": "Q4_K_M", "context": 8192}',
  )
}

/** `inhouse plan`. */
export async function plan(
  model: string | undefined,
  options: PlanOptions,
  context: CliContext,
): Promise<void> {
  if (options.batch !== undefined) {
    checkBatchStandsAlone(model, options)
    const { planBatch } = await import('./plan-batch.ts')
    return planBatch(options.batch, options, context)
  }
  if (model === undefined) {
    throw usageError(
      'plan needs a model.',
      'For example: inhouse plan llama-3.1-8b. List them with: inhouse models',
    )
  }
  const { planOne } = await import('./plan-one.ts')
  return planOne(model, options, context)
}
