import type { FigureUnit, MaybeFigure } from '#core/figure/figure.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { decodeIntervalClass } from '#core/speed/interval-class.ts'
import { QUOTED_PROMPT_TOKENS } from '#core/speed/prefill-seconds.ts'
import type { SpeedInterval } from '#core/speed/speed-model.ts'

type SpeedFigures = Pick<PlanEvaluation, 'decode' | 'prefill' | 'throughput' | 'timeToFirstToken'>

/** Speeds of a plan as figures with 80 % intervals, or why they are not known. */
export function speedFigures(numbers: PlanNumbers): SpeedFigures {
  const { terms } = numbers
  const { intervals, asOf } = terms.speedModel
  const ofDecode = intervals[decodeIntervalClass(terms, numbers.candidate.layout)]
  // CPUs differ most in arithmetic, which no scan reads: their prompts are as uncertain as a guessed memory speed.
  const { layout } = numbers.candidate
  const usesHost = layout.start > 0 || layout.mode === 'experts-in-ram'
  const ofPrefill = widest(usesHost ? intervals['bandwidth-unknown'] : intervals.prefill, ofDecode)
  const ofThroughput = terms.users === 1 ? ofDecode : widest(intervals.throughput, ofDecode)
  const reason = unknownReason(numbers)
  const figure = (value: number, unit: FigureUnit, interval: SpeedInterval, formula: string): MaybeFigure =>
    Number.isFinite(value)
      ? {
          value,
          unit,
          basis: 'estimated',
          low: value * interval.low,
          high: value * interval.high,
          source: `${formula}; coefficients of ${asOf}`,
          asOf,
        }
      : { value: null, unit, reason }
  // Time runs the other way: the fastest prefill gives the shortest wait.
  const ofWait = { low: 1 / ofPrefill.high, high: 1 / ofPrefill.low }
  return {
    decode: figure(numbers.decodeTokensPerSecond, 'tokensPerSecond', ofDecode, decodeFormula(numbers)),
    prefill: figure(numbers.prefillTokensPerSecond, 'tokensPerSecond', ofPrefill, PREFILL_FORMULA),
    throughput: figure(
      numbers.throughputTokensPerSecond,
      'tokensPerSecond',
      ofThroughput,
      `${terms.users} streams a step: weights read once, each its own cache, no faster than prompt processing`,
    ),
    timeToFirstToken: figure(
      numbers.timeToFirstTokenSeconds,
      'seconds',
      ofWait,
      `a prompt of ${QUOTED_PROMPT_TOKENS} tokens at the prefill speed, then one token`,
    ),
  }
}

const PREFILL_FORMULA = `arithmetic of a ${QUOTED_PROMPT_TOKENS}-token prompt at the share of the peak rate its class reaches, plus reading the weights once`

function decodeFormula(numbers: PlanNumbers): string {
  const { layout } = numbers.candidate
  const classes = [...new Set(layout.shares.map((share) => share.device.speed.decodeClass))]
  const places = [...classes, ...(layout.start > 0 || layout.mode === 'experts-in-ram' ? ['cpu'] : [])]
  return `bytes read per token over the bandwidth reached, unpacking, cache at ${numbers.depthTokens} tokens and time per layer (${places.join(' + ')})`
}

function widest(a: SpeedInterval, b: SpeedInterval): SpeedInterval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }
}

function unknownReason(numbers: PlanNumbers): string {
  const { terms, candidate } = numbers
  const unknown = candidate.layout.shares.find((share) => share.device.speed.bandwidthBytesPerSecond === null)
  if (unknown) return `the memory bandwidth of ${unknown.device.accelerator.name} is not known`
  if (terms.machine.host.bytesPerSecond === null)
    return 'neither the memory speed nor the number of CPU cores is known'
  return 'the arithmetic rate of the processor is not known'
}
