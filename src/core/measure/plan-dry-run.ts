import { attendedTokens, attentionStandIn, STAND_IN_LAYERS } from '#core/measure/attention-stand-in.ts'
import type { DryRunContext, DryRunFile, DryRunPlan, DryRunStep } from '#core/measure/dry-run-plan.ts'
import type { DryRunMethod } from '#core/measure/measurement.ts'
import { layerRepetition } from '#core/model/layer-repetition.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { chooseLayers } from '#core/quant/choose-layers.ts'
import { sumOfLayers, tokenCosts, type TokenCosts } from '#core/measure/token-costs.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** What a dry run is asked to find out. */
export interface DryRunWish {
  readonly method: DryRunMethod
  /** Sequences decoded at once, besides one. */
  readonly streams: readonly number[]
}

/** A quick run is planned to take this long, so that it ends within fifteen seconds on a machine that is a little slower. */
const QUICK_SECONDS = 12
/** Process, package and backend: from start to the first byte loaded. */
const START_SECONDS = 1
/** Reading from page cache and repacking: 3.8 ns a byte seen on two cores of an EPYC, 1 to a card assumed. */
const LOAD_SECONDS_PER_BYTE = { cpu: 3.8e-9, accelerator: 1e-9 } as const
/** Context of runs that need none of their own: room for the longest prompt and the tokens after it. */
const SMALL_CONTEXT_TOKENS = 1024
const PROMPTS = [128, 512] as const
const SHORT_PROMPTS = [128] as const
/** Deeper the attention grows in proportion, and filling the cache with its square. */
const DEEPEST_STAND_IN_TOKENS = 2048
/** Tokens in each cache while several streams are timed. */
const STREAMS_DEPTH_TOKENS = 16
const MOST_REPETITIONS = 48
const LEAST_REPETITIONS = 12
/** Repetitions of a step go on for about this long. */
const STEP_SECONDS = 1.5

interface Terms {
  readonly request: PlanRequest
  readonly numbers: PlanNumbers
  readonly wish: DryRunWish
  readonly costs: TokenCosts
  /** How much longer things take than estimated, where that is known. */
  readonly pace: number
}

/** Which files a dry run writes and what it times, with what that will take. */
export function planDryRun(request: PlanRequest, numbers: PlanNumbers, wish: DryRunWish): DryRunPlan {
  const terms = { request, numbers, wish, costs: tokenCosts(numbers), pace: 1 }
  return wish.method === 'full' ? fullPlan(terms) : quickPlan(terms)
}

function fullPlan(terms: Terms): DryRunPlan {
  const { request, numbers } = terms
  const { contextTokens, users } = request
  // The tokens of the repetitions stay in the cache: a context that overflows would be shifted while it is timed.
  const deep = Math.min(numbers.depthTokens, contextTokens - MOST_REPETITIONS - 1)
  const steps = [
    decodeStep(terms, null, 0, 1),
    ...PROMPTS.filter((tokens) => tokens <= contextTokens).map((tokens) =>
      promptStep(terms, null, tokens, 3),
    ),
    ...(deep > 0 ? [decodeStep(terms, null, deep, 1)] : []),
  ]
  const own: DryRunContext = { contextTokens, sequences: users, steps }
  return planOf(terms, [fileOf(terms, null, [own, ...streamContexts(terms, null)])])
}

/**
 * The whole model where that is quick, if need be with the short prompt only; else two depths as far apart as the time
 * allows, because what is drawn out from them grows with the distance that is left. Its attention alone tells how it
 * slows down with the context.
 */
function quickPlan(terms: Terms): DryRunPlan {
  const wholes = [PROMPTS, SHORT_PROMPTS].map((prompts) =>
    planOf(terms, withAttention(terms, [quickFile(terms, null, prompts)])),
  )
  const quickEnough = wholes.find((plan) => plan.expectedSeconds <= QUICK_SECONDS)
  return quickEnough ?? deepestPlan(terms) ?? wholes[1]!
}

/** The least depth and the deepest other that together stay within the time, or the least of all; null where there is none. */
function deepestPlan(terms: Terms): DryRunPlan | null {
  const { model, quantization } = terms.request
  const { layers } = model.architecture
  const { minimumLayers, periodLayers } = layerRepetition(model.architecture)
  const shallow = chooseLayers(model, quantization, minimumLayers)
  let best: DryRunPlan | null = null
  for (let count = shallow.length + periodLayers; count < layers; count += periodLayers) {
    const deeper = chooseLayers(model, quantization, count)
    if (deeper.length <= shallow.length) continue
    const files = [shallow, deeper].map((kept) => quickFile(terms, kept, SHORT_PROMPTS))
    const plan = planOf(terms, withAttention(terms, files))
    if (best !== null && plan.expectedSeconds > QUICK_SECONDS) break
    best = plan
  }
  return best
}

/**
 * A quick plan whose second depth is chosen anew when the first has run and took `pace` times what was expected: as deep
 * as the time still allows.
 */
export function deepenDryRun(
  plan: DryRunPlan,
  pace: number,
  about: { readonly request: PlanRequest; readonly numbers: PlanNumbers; readonly wish: DryRunWish },
): DryRunPlan {
  const [first, second] = plan.files
  if (first?.layers === null || second?.of !== 'model') return plan
  const terms = { ...about, costs: tokenCosts(about.numbers), pace }
  const deepest = deepestPlan(terms)
  return deepest === null ? plan : { ...deepest, files: [first!, ...deepest.files.slice(1)] }
}

function quickFile(terms: Terms, layers: readonly number[] | null, prompts: readonly number[]): DryRunFile {
  const contextTokens = Math.min(SMALL_CONTEXT_TOKENS, terms.request.model.architecture.contextTokens)
  const steps = [
    decodeStep(terms, layers, 0, 1),
    ...prompts.map((tokens) => promptStep(terms, layers, tokens, 2)),
  ]
  return fileOf(terms, layers, [{ contextTokens, sequences: 1, steps }, ...streamContexts(terms, layers)])
}

/** A context of several short sequences, in which more and more of them are decoded at once. */
function streamContexts(terms: Terms, layers: readonly number[] | null): readonly DryRunContext[] {
  const streams = [...new Set([1, ...terms.wish.streams])].toSorted((a, b) => a - b)
  const most = streams.at(-1)!
  if (most === 1) return []
  const steps = streams.map((count) => decodeStep(terms, layers, STREAMS_DEPTH_TOKENS, count))
  return [{ contextTokens: 256, sequences: most, steps }]
}

function withAttention(terms: Terms, files: readonly DryRunFile[]): readonly DryRunFile[] {
  const { model } = terms.request
  const depth = Math.min(terms.numbers.depthTokens, DEEPEST_STAND_IN_TOKENS)
  const standIn = attentionStandIn(model)
  if (standIn === null || depth < 256) return files
  const share = attentionShare(terms, depth)
  const fill = (depth / 2) * share
  const steps: readonly DryRunStep[] = [
    { kind: 'decode', depthTokens: 0, streams: 1, repetitions: MOST_REPETITIONS, expectedSeconds: 0.2 },
    {
      kind: 'decode',
      depthTokens: depth,
      streams: 1,
      repetitions: MOST_REPETITIONS,
      expectedSeconds: fill + MOST_REPETITIONS * share,
    },
  ]
  const contexts = [{ contextTokens: depth + 256, sequences: 1, steps }]
  return [...files, { of: 'attention', layers: null, loadSeconds: 0.1, contexts }]
}

/** Seconds one token of the stand-in attends, from the cache bytes the plan is estimated to read. */
function attentionShare({ numbers, request }: Terms, depth: number): number {
  const { architecture } = request.model
  const perToken =
    (numbers.candidate.seconds * 0.1 * attendedTokens(architecture, depth)) /
    Math.max(1, attendedTokens(architecture, numbers.depthTokens))
  return perToken * (STAND_IN_LAYERS / architecture.layers)
}

function decodeStep(
  terms: Terms,
  layers: readonly number[] | null,
  depthTokens: number,
  streams: number,
): DryRunStep {
  const one = decodeSeconds(terms, layers) * Math.max(1, 0.7 * streams)
  const repetitions = Math.round(Math.min(MOST_REPETITIONS, Math.max(LEAST_REPETITIONS, STEP_SECONDS / one)))
  const fill = depthTokens * streams * promptSecondsPerToken(terms, layers)
  return { kind: 'decode', depthTokens, streams, repetitions, expectedSeconds: fill + repetitions * one }
}

function promptStep(
  terms: Terms,
  layers: readonly number[] | null,
  promptTokens: number,
  repetitions: number,
): DryRunStep {
  const expectedSeconds = repetitions * promptTokens * promptSecondsPerToken(terms, layers)
  return { kind: 'prefill', promptTokens, repetitions, expectedSeconds }
}

/** Seconds of one token of a file with these layers: the plan's, by the share of bytes it reads. */
function decodeSeconds({ costs, numbers, pace }: Terms, layers: readonly number[] | null): number {
  const seconds = Number.isFinite(numbers.candidate.seconds) ? numbers.candidate.seconds : 0.1
  return (
    (pace * seconds * (sumOfLayers(costs.decodeBytes, layers) + costs.outputBytes)) / costs.allDecodeBytes
  )
}

function promptSecondsPerToken({ costs, numbers, pace }: Terms, layers: readonly number[] | null): number {
  const { prefillTokensPerSecond } = numbers
  const perToken = pace * (Number.isFinite(prefillTokensPerSecond) ? 1 / prefillTokensPerSecond : 0.02)
  return (perToken * sumOfLayers(costs.decodeBytes, layers)) / sumOfLayers(costs.decodeBytes, null)
}

function fileOf(
  terms: Terms,
  layers: readonly number[] | null,
  contexts: readonly DryRunContext[],
): DryRunFile {
  const place = terms.numbers.candidate.layout.shares.length === 0 ? 'cpu' : 'accelerator'
  const loadSeconds = terms.pace * fileBytes(terms, layers) * LOAD_SECONDS_PER_BYTE[place]
  return { of: 'model', layers, loadSeconds, contexts }
}

function fileBytes({ costs }: Terms, layers: readonly number[] | null): number {
  return costs.outsideBytes + sumOfLayers(costs.storedBytes, layers)
}

function planOf(terms: Terms, files: readonly DryRunFile[]): DryRunPlan {
  const ofModel = files.filter((file) => file.of === 'model')
  const steps = files.flatMap((file) => file.contexts.flatMap((context) => context.steps))
  const seconds = steps.reduce((sum, step) => sum + step.expectedSeconds, 0)
  const loading = files.reduce((sum, file) => sum + file.loadSeconds, 0)
  const largest = Math.max(...ofModel.map((file) => fileBytes(terms, file.layers)))
  return {
    files,
    expectedSeconds: START_SECONDS + seconds + loading,
    memoryBytes: memoryOf(terms, ofModel, largest),
    fileBytes: largest,
  }
}

/** Beyond its weights a shallow file takes its repacked copy, logits and the process. */
function memoryOf(terms: Terms, files: readonly DryRunFile[], largestBytes: number): number {
  const { totalBytes, candidate } = terms.numbers
  const all = candidate.loads.reduce(
    (sum, load) => sum + load.weightsBytes + load.kvCacheBytes + load.computeBytes + load.overheadBytes,
    0,
  )
  if (files.some((file) => file.layers === null)) return Math.max(totalBytes, all)
  const compute = candidate.loads.reduce((sum, load) => sum + load.computeBytes, 0)
  const repacked = candidate.layout.shares.length === 0 ? 0.75 * largestBytes : 0
  return largestBytes + repacked + compute + mebibytesToBytes(300)
}
