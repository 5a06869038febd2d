import type { Figure, FigureUnit, MaybeFigure } from '#core/figure/figure.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { decodeCorrection, prefillCorrection } from '#core/speed/corrected-speed.ts'
import type { Correction } from '#core/speed/calibration.ts'
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
  const figure = (speed: QuotedSpeed): MaybeFigure => {
    const { value, unit, interval, formula, correction } = speed
    if (!Number.isFinite(value)) return { value: null, unit, reason }
    if (correction !== null) return correctedFigure(value, unit, correction)
    const source = `${formula}; coefficients of ${asOf}`
    return {
      value,
      unit,
      basis: 'estimated',
      low: value * interval.low,
      high: value * interval.high,
      source,
      asOf,
    }
  }
  // Time runs the other way: the fastest prefill gives the shortest wait.
  const ofWait = { low: 1 / ofPrefill.high, high: 1 / ofPrefill.low }
  const prefillBy = prefillCorrection(terms, layout, QUOTED_PROMPT_TOKENS)
  return {
    decode: figure({
      value: numbers.decodeTokensPerSecond,
      unit: 'tokensPerSecond',
      interval: ofDecode,
      formula: decodeFormula(numbers),
      correction: decodeCorrection(terms, layout, 1),
    }),
    prefill: figure({
      value: numbers.prefillTokensPerSecond,
      unit: 'tokensPerSecond',
      interval: ofPrefill,
      formula: PREFILL_FORMULA,
      correction: prefillBy,
    }),
    throughput: figure({
      value: numbers.throughputTokensPerSecond,
      unit: 'tokensPerSecond',
      interval: ofThroughput,
      formula: `${terms.users} streams a step: weights read once, each its own cache, no faster than prompt processing`,
      correction: decodeCorrection(terms, layout, terms.users),
    }),
    timeToFirstToken: figure({
      value: numbers.timeToFirstTokenSeconds,
      unit: 'seconds',
      interval: ofWait,
      formula: `a prompt of ${QUOTED_PROMPT_TOKENS} tokens at the prefill speed, then one token`,
      correction: prefillBy,
    }),
  }
}

function basisOfCalibration(measurements: number): string {
  if (measurements === 0) return 'the measured speed of this machine'
  return `${measurements} ${measurements === 1 ? 'measurement' : 'measurements'} on this machine`
}

interface QuotedSpeed {
  readonly value: number
  readonly unit: FigureUnit
  readonly interval: SpeedInterval
  readonly formula: string
  readonly correction: Correction | null
}

/** A speed that measurements of this machine stand behind; a wait grows where a speed falls. */
function correctedFigure(value: number, unit: FigureUnit, correction: Correction): Figure {
  const { kind, factor, low, high, measurements, measuredAt } = correction
  const [slow, fast] = [factor / high, factor / low]
  const asOf = measuredAt.slice(0, 10)
  return {
    value,
    unit,
    basis: kind === 'measured' ? 'measured' : 'estimated',
    low: value * (unit === 'seconds' ? 1 / fast : slow),
    high: value * (unit === 'seconds' ? 1 / slow : fast),
    source:
      kind === 'measured'
        ? `a dry run of this plan on this machine${correction.disturbed ? ', slowed down by other programs' : ''}; 10th to 90th percentile of its repetitions`
        : `calibrated from ${basisOfCalibration(measurements)}`,
    asOf,
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
