import { attendedTokens, STAND_IN_LAYERS } from '#core/measure/attention-stand-in.ts'
import { warmUpRepetitions, type DryRunFile, type DryRunPlan } from '#core/measure/dry-run-plan.ts'
import type { DecodeSpeed, MeasuredSpeed, PrefillSpeed } from '#core/measure/measurement.ts'
import { quantile } from '#core/measure/quantile.ts'
import { sumOfLayers, tokenCosts } from '#core/measure/token-costs.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'

/** Seconds of every repetition, by file, context and step of a `DryRunPlan`. */
export type DryRunSeconds = readonly (readonly (readonly (readonly number[])[])[])[]

/** Median and spread of the seconds of one step. */
interface StepSeconds {
  readonly low: number
  /** A quarter of the repetitions were faster: what it takes when nothing disturbs. */
  readonly quarter: number
  readonly median: number
  readonly high: number
  readonly repetitions: number
}

/** Speeds of the whole model from the durations of a dry run. */
export function dryRunResults(
  plan: DryRunPlan,
  seconds: DryRunSeconds,
  about: { readonly request: PlanRequest; readonly numbers: PlanNumbers },
): { readonly decode: readonly DecodeSpeed[]; readonly prefill: readonly PrefillSpeed[] } {
  const files = plan.files.flatMap((file, at) => (file.of === 'model' ? [{ file, at }] : []))
  const [first] = files
  const decode: DecodeSpeed[] = []
  const prefill: PrefillSpeed[] = []
  first?.file.contexts.forEach((context, contextAt) => {
    context.steps.forEach((step, stepAt) => {
      const each = files.map(({ file, at }) => ({
        file,
        seconds: stepSeconds(seconds[at]?.[contextAt]?.[stepAt] ?? []),
      }))
      const whole = extrapolated(each, about.numbers)
      if (whole === null) return
      if (step.kind === 'prefill')
        prefill.push({ promptTokens: step.promptTokens, ...speedOf(whole, step.promptTokens) })
      else decode.push({ depthTokens: step.depthTokens, streams: step.streams, ...speedOf(whole, 1) })
    })
  })
  const short = decode.find((speed) => speed.depthTokens === 0 && speed.streams === 1)
  const deep = short === undefined ? null : deepened(short, plan, seconds, about)
  return { decode: deep === null ? decode : [...decode, deep], prefill }
}

function stepSeconds(all: readonly number[]): StepSeconds {
  const counted = all.slice(warmUpRepetitions(all.length))
  return {
    low: quantile(counted, 0.1),
    quarter: quantile(counted, 0.25),
    median: quantile(counted, 0.5),
    high: quantile(counted, 0.9),
    repetitions: counted.length,
  }
}

/**
 * Seconds of all layers from those of two depths: time grows in proportion to the bytes a token reads of the layers. One
 * file of all layers is its own answer. The spread is that of the deeper file, which weighs most. `null` where more layers
 * took no longer than fewer: something else slowed the first file down, and nothing follows for the whole.
 */
function extrapolated(
  files: readonly { readonly file: DryRunFile; readonly seconds: StepSeconds }[],
  numbers: PlanNumbers,
): StepSeconds | null {
  const [shallow, deeper] = files
  if (deeper === undefined) return shallow!.seconds
  const slower = deeper.seconds.quarter - shallow!.seconds.quarter
  if (!(slower > 0)) return null
  const { decodeBytes } = tokenCosts(numbers)
  const [few, more, all] = [shallow!.file.layers, deeper.file.layers, null].map((layers) =>
    sumOfLayers(decodeBytes, layers),
  )
  const factor = (all! - few!) / (more! - few!)
  // Disturbances add to either depth and would be drawn out with it: the line goes through what was not disturbed.
  const quarter = shallow!.seconds.quarter + slower * factor
  const scale = quarter / deeper.seconds.quarter
  const { low, median, high, repetitions } = deeper.seconds
  return { low: low * scale, quarter, median: median * scale, high: high * scale, repetitions }
}

function speedOf(seconds: StepSeconds, tokens: number): MeasuredSpeed {
  return {
    tokensPerSecond: tokens / seconds.median,
    lowTokensPerSecond: tokens / seconds.high,
    highTokensPerSecond: tokens / seconds.low,
    repetitions: seconds.repetitions,
  }
}

/** Decoding at the plan's depth: the short one and, for each token attended to, what the attention alone took. */
function deepened(
  short: DecodeSpeed,
  plan: DryRunPlan,
  seconds: DryRunSeconds,
  { request, numbers }: { readonly request: PlanRequest; readonly numbers: PlanNumbers },
): DecodeSpeed | null {
  const at = plan.files.findIndex((file) => file.of === 'attention')
  const steps = plan.files[at]?.contexts[0]?.steps
  const [empty, filled] = (seconds[at]?.[0] ?? []).map(stepSeconds)
  const filledStep = steps?.[1]
  if (empty === undefined || filled === undefined || filledStep?.kind !== 'decode') return null
  const perAttended = Math.max(0, filled.quarter - empty.quarter) / (filledStep.depthTokens * STAND_IN_LAYERS)
  const added = perAttended * attendedTokens(request.model.architecture, numbers.depthTokens)
  const slower = (tokensPerSecond: number) => 1 / (1 / tokensPerSecond + added)
  return {
    depthTokens: numbers.depthTokens,
    streams: 1,
    tokensPerSecond: slower(short.tokensPerSecond),
    lowTokensPerSecond: slower(short.lowTokensPerSecond),
    highTokensPerSecond: slower(short.highTokensPerSecond),
    repetitions: short.repetitions,
  }
}
