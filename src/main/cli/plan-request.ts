import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Backend, Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { nativeQuantization } from '#core/quality/quantization-loss.ts'
import type { Engine, KvType, Quantization } from '#core/quant/quantization.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { requireModel, requireQuantization } from './input/find-record.ts'
import { formatCount } from '#core/figure/format-figure.ts'
import { usageError } from './usage-error.ts'

/** One plan as a person asks for it, on the command line or in a line of a batch. */
export interface PlanWish {
  readonly model: string
  readonly quant?: string | undefined
  readonly context?: number | undefined
  readonly depth?: number | undefined
  readonly kv?: KvType | undefined
  readonly users?: number | undefined
  readonly gpuLayers?: number | 'auto' | 'all' | undefined
  readonly backend?: Backend | undefined
  readonly engine?: Engine | undefined
  readonly useReserve?: boolean | undefined
}

/** The usual four bits of each engine: the most downloaded format, and the smallest whose loss is small. */
const USUAL_QUANTIZATION: Readonly<Record<Engine, string>> = {
  'llama.cpp': 'Q4_K_M',
  ollama: 'Q4_K_M',
  mlx: 'MLX-4bit',
  vllm: 'AWQ',
}

function chooseEngine(wish: PlanWish, quantization: Quantization | null): Engine {
  if (wish.engine !== undefined) return wish.engine
  if (quantization !== null && !quantization.engines.includes('llama.cpp')) {
    return quantization.engines[0] ?? 'llama.cpp'
  }
  return wish.backend === 'mlx' ? 'mlx' : 'llama.cpp'
}

/** A model released in a quantized format (gpt-oss in MXFP4) is usually run in it. */
function usualQuantization(model: Model, engine: Engine, catalogue: Catalogue): Quantization {
  const native = nativeQuantization(model.id, catalogue.quantizationLoss)
  const own = catalogue.quantizations.find(({ id, engines }) => id === native && engines.includes(engine))
  return own ?? requireQuantization(USUAL_QUANTIZATION[engine], catalogue.quantizations)
}

function checkEngine(quantization: Quantization, engine: Engine, catalogue: Catalogue): void {
  if (quantization.engines.includes(engine)) return
  const others = catalogue.quantizations.filter(({ engines }) => engines.includes(engine)).map(({ id }) => id)
  throw new InhouseError({
    code: 'BAD_USAGE',
    message: `${quantization.id} is a format of ${quantization.engines.join(' and ')}; ${engine} does not run it.`,
    nextStep: `${engine} runs: ${others.join(', ')}.`,
  })
}

/** Tokens a run writes after its depth, where nothing says how many; and the step llama.cpp rounds contexts up to. */
const WRITTEN_TOKENS = 512
const CONTEXT_STEP = 256

/** Without a context: the usual one; with a depth, what holds it and an answer, as a benchmark would allocate. */
function usualContext(depthTokens: number | undefined): number {
  if (depthTokens === undefined) return DEFAULT_NEEDS.contextTokens
  return Math.ceil((depthTokens + WRITTEN_TOKENS) / CONTEXT_STEP) * CONTEXT_STEP
}

/** llama.cpp has no loader for some architectures: a plan would be a promise nothing keeps. */
function checkLoader(model: Model, engine: Engine): void {
  if (model.architecture.gguf !== null || (engine !== 'llama.cpp' && engine !== 'ollama')) return
  throw new InhouseError({
    code: 'BAD_USAGE',
    message: `${engine} cannot load ${model.name}: it does not support this architecture.`,
    nextStep: 'Choose another model, or name another engine with --engine.',
  })
}

function chooseContext(wish: PlanWish, model: Model): number {
  const most = model.architecture.contextTokens
  if (wish.context === undefined) return Math.min(usualContext(wish.depth), most)
  if (wish.context <= most) return wish.context
  throw usageError(
    `${model.name} handles at most ${formatCount(most)} tokens of context; asked for ${formatCount(wish.context)}.`,
    `Ask for ${most} or less.`,
  )
}

/** Benchmarks count what they write while timing, so their depth can stand a little above the context: full is full. */
const DEPTH_TOLERANCE = 1.05

function chooseDepth(depth: number | undefined, contextTokens: number): number | undefined {
  if (depth === undefined || depth <= contextTokens * DEPTH_TOLERANCE) {
    return depth === undefined ? undefined : Math.min(depth, contextTokens)
  }
  throw usageError(
    `A depth of ${formatCount(depth)} tokens does not fit into a context of ${formatCount(contextTokens)}.`,
    'Ask for a longer context or a smaller depth.',
  )
}

function chooseGpuLayers(wish: PlanWish, model: Model, engine: Engine): number | 'auto' {
  const { gpuLayers } = wish
  if (gpuLayers === undefined || gpuLayers === 'auto') return 'auto'
  if (engine === 'mlx' || engine === 'vllm') {
    throw usageError(
      `${engine} cannot split a model by layers.`,
      'Leave out --gpu-layers, or choose llama.cpp.',
    )
  }
  const most = model.architecture.layers + 1
  const layers = gpuLayers === 'all' ? most : gpuLayers
  if (wish.backend === 'cpu' && layers > 0) {
    throw usageError('The CPU backend has no layers on a GPU.', 'Leave out the backend or the layers.')
  }
  if (layers <= most) return layers
  throw usageError(
    `${model.name} has ${most} layers (${most - 1} and the output layer); asked for ${layers} on the GPU.`,
    `Ask for ${most} or less, or for "all".`,
  )
}

/** Turns a wish into the request that every face asks the core; a wish that cannot be is a clear error. */
export function planRequest(wish: PlanWish, machine: Machine, catalogue: Catalogue): PlanRequest {
  const model = requireModel(wish.model, catalogue)
  const named = wish.quant === undefined ? null : requireQuantization(wish.quant, catalogue.quantizations)
  const engine = chooseEngine(wish, named)
  checkLoader(model, engine)
  const quantization = named ?? usualQuantization(model, engine, catalogue)
  checkEngine(quantization, engine, catalogue)
  const contextTokens = chooseContext(wish, model)
  const depthTokens = chooseDepth(wish.depth, contextTokens)
  return {
    machine,
    model,
    quantization,
    contextTokens,
    users: wish.users ?? 1,
    kvType: wish.kv ?? 'f16',
    engine,
    gpuLayers: chooseGpuLayers(wish, model, engine),
    useReserve: wish.useReserve ?? false,
    ...(depthTokens === undefined ? {} : { depthTokens }),
    ...(wish.backend === undefined ? {} : { backend: wish.backend }),
  }
}
