import { CHAT_CONTEXT_TOKENS, chatPlanRequest } from '#core/chat/chat-plan-request.ts'
import type { RunPrediction } from '#core/chat/run-prediction.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { formatContext, formatMemory } from '#core/figure/format-figure.ts'
import { fitByLength } from '#core/library/fit-by-length.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import type { Backend, Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import { gpuLayersOf } from '#core/plan/apply-simulation.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** A model file that is to be run on this machine. */
export interface RunToPlan {
  /** With what is free now. */
  readonly machine: Machine
  readonly speedModel: SpeedModel
  readonly name: string
  readonly header: ModelHeader
  readonly fileBytes: number
  /** The catalogue model it is or has the shape of, and its quantization; null where none is known. */
  readonly known: {
    readonly model: Model
    readonly quantization: Quantization
    readonly matchedBy: RunPrediction['matchedBy']
  } | null
  /** Null: as much as a chat wants, the model allows and the memory holds. */
  readonly contextTokens: number | null
  readonly gpuLayers: number | 'auto'
}

/** How to load it, what to expect, and what speaks against it. */
export interface PlannedRun {
  readonly backend: Backend
  readonly gpuLayers: number | 'auto'
  readonly contextTokens: number
  readonly prediction: RunPrediction | null
  /** Why there is no prediction. */
  readonly noPrediction: string | null
  /** Null: it fits. */
  readonly shortfall: { readonly message: string; readonly nextStep: string } | null
}

/** Below this a chat forgets its beginning after a few answers. */
const LEAST_CONTEXT_TOKENS = 2048
/** Tokens in the cache when the speed of a chat is held against its prediction: a question and half its answer. */
const CHAT_DEPTH_TOKENS = 64
/** Below this a token takes microseconds, and most of them go where no estimate of speed looks. */
const LEAST_PARAMETERS = 20e6
const TOO_SMALL: MaybeFigure = {
  value: null,
  unit: 'tokensPerSecond',
  reason: 'estimates of speed are made for models many times larger',
}
/** What node-llama-cpp is bundled for, the fastest first. */
const BUNDLED_BACKENDS: readonly Backend[] = ['cuda', 'metal', 'vulkan']

const TOO_LARGE_STEP =
  'Choose a smaller quantization or context, close other programs, or load it all the same.'

/** Decides how a file is run here: by the plan of its catalogue model, or carefully where nobody knows it. */
export function planRun(run: RunToPlan): PlannedRun {
  return run.known === null ? planUnknown(run) : planKnown(run, run.known)
}

function planKnown(run: RunToPlan, known: NonNullable<RunToPlan['known']>): PlannedRun {
  const { request, numbers } = fittingPlan(run, known)
  const { layout } = numbers.candidate
  const { contextTokens } = request
  const shortfall = numbers.fit === 'no' ? tooLarge(run.name, contextTokens, numbers) : null
  if (layout.mode === 'experts-in-ram') {
    return {
      backend: layout.backend,
      gpuLayers: 'auto',
      contextTokens,
      prediction: null,
      noPrediction:
        'the plan keeps only the experts in RAM, which the bundled engine cannot do, so it splits whole layers',
      shortfall,
    }
  }
  return {
    backend: layout.backend,
    gpuLayers: gpuLayersOf(numbers),
    contextTokens,
    prediction: predictionOf(known, request, numbers),
    noPrediction: null,
    shortfall,
  }
}

/** The plan with the context asked for, or with the longest of halving contexts that fits. */
function fittingPlan(run: RunToPlan, known: NonNullable<RunToPlan['known']>) {
  const most = run.header.contextTokens ?? known.model.nativeContextTokens
  let contextTokens = run.contextTokens ?? Math.min(CHAT_CONTEXT_TOKENS, most)
  for (;;) {
    const request = requestOf(run, known, contextTokens)
    const numbers = planNumbers(request, run.speedModel)
    const isLast = run.contextTokens !== null || contextTokens / 2 < LEAST_CONTEXT_TOKENS
    if (numbers.fit !== 'no' || isLast) return { request, numbers }
    contextTokens /= 2
  }
}

function requestOf(
  { machine, gpuLayers }: RunToPlan,
  { model, quantization }: NonNullable<RunToPlan['known']>,
  contextTokens: number,
): PlanRequest {
  return {
    ...chatPlanRequest({ machine, model, quantization, contextTokens }),
    depthTokens: Math.min(CHAT_DEPTH_TOKENS, contextTokens),
    gpuLayers,
  }
}

function predictionOf(
  { model, quantization, matchedBy }: NonNullable<RunToPlan['known']>,
  request: PlanRequest,
  numbers: PlanNumbers,
): RunPrediction {
  const { decode, memory, placement, pools, prefill } = describePlan(request, numbers)
  const isTiny = model.parameters.total < LEAST_PARAMETERS
  return {
    modelId: model.id,
    modelName: model.name,
    quantizationId: quantization.id,
    matchedBy,
    mode: placement.mode,
    gpuLayers: placement.gpuLayers,
    totalLayers: placement.totalLayers,
    decode: isTiny ? TOO_SMALL : decode,
    prefill: isTiny ? TOO_SMALL : prefill,
    memory: memory.total,
    pools,
  }
}

function tooLarge(name: string, contextTokens: number, numbers: PlanNumbers) {
  const { budgetBytes, missingBytes, totalBytes } = numbers
  return {
    message: `${name} with ${formatContext(contextTokens)} tokens of context takes ${formatMemory(totalBytes)}; ${formatMemory(budgetBytes)} may be used here now, so ${formatMemory(missingBytes)} are missing.`,
    nextStep: TOO_LARGE_STEP,
  }
}

function planUnknown(run: RunToPlan): PlannedRun {
  const { fileBytes, gpuLayers, header, machine, name } = run
  const { budgetBytes, fit, memory } = fitByLength(fileBytes, machine)
  return {
    backend: BUNDLED_BACKENDS.find((backend) => machine.backends.includes(backend)) ?? 'cpu',
    gpuLayers,
    contextTokens: run.contextTokens ?? Math.min(CHAT_CONTEXT_TOKENS, header.contextTokens ?? Infinity),
    prediction: null,
    noPrediction: 'no model of the catalogue has the shape of this file, and its header does not say enough',
    shortfall:
      fit === 'no'
        ? {
            message: `${name} takes about ${formatMemory(memory.value)}: its file, and an allowance for context and buffers. ${formatMemory(budgetBytes)} may be used here now.`,
            nextStep: TOO_LARGE_STEP,
          }
        : null,
  }
}
