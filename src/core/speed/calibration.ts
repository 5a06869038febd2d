import type { Backend } from '#core/machine/machine.ts'
import type { MachineSpeed } from '#core/measure/measurement.ts'
import type { Architecture } from '#core/model/model.ts'
import type { KvType, Quantization } from '#core/quant/quantization.ts'

/** What was measured on one machine, beside what the formulas say of the same plans: what corrects all others. */
export interface Calibration {
  /** `machineFingerprint` of the only machine it holds for. */
  readonly machine: string
  readonly runs: readonly CalibrationRun[]
  /** How the CPU of this machine reads and computes; null while that was not measured. */
  readonly host: HostCalibration | null
}

/** Measured rates of the CPU. */
export interface HostCalibration {
  readonly speed: MachineSpeed
}

/** A measurement as the formulas see it. */
export interface CalibrationRun {
  readonly architecture: Architecture
  readonly quantization: Quantization
  readonly backend: Backend
  readonly gpuLayers: number
  readonly kvType: KvType
  readonly measuredAt: string
  /** Other programs slowed it down: it speaks for itself only. */
  readonly disturbed: boolean
  readonly decode: readonly CalibrationPoint[]
  readonly prefill: readonly CalibrationPoint[]
}

/** One measured speed: seconds of a decoding step, or of one prompt token. */
export interface CalibrationPoint {
  /** Tokens in the cache, or of the prompt. */
  readonly tokens: number
  readonly streams: number
  readonly seconds: number
  readonly lowSeconds: number
  readonly highSeconds: number
  /** What the formulas say without calibration. */
  readonly estimatedSeconds: number
}

/** What a plan must be for a run to speak of it. */
export interface CalibratedPlan {
  readonly architecture: Architecture
  readonly quantization: Quantization
  readonly backend: Backend
  readonly gpuLayers: number
  readonly kvType: KvType
}

/** A correction of an estimate, and what it rests on. */
export interface Correction {
  readonly kind: 'measured' | 'calibrated'
  /** On the estimated seconds. */
  readonly factor: number
  /** Factors on the seconds between which the truth lies in most cases. */
  readonly low: number
  readonly high: number
  readonly measurements: number
  /** Other programs slowed the measurement down. */
  readonly disturbed: boolean
  /** ISO time of the newest. */
  readonly measuredAt: string
}

/** Which kind of points. */
type Kind = 'decode' | 'prefill'

/**
 * Correction of the estimate of a plan at a number of tokens and streams; null where nothing was measured on its
 * backend. The plan itself measured near that depth is its own answer; else what measured plans were faster or slower
 * than estimated, the more alike the more it counts.
 */
export function correctionOf(
  calibration: Calibration,
  plan: CalibratedPlan,
  kind: Kind,
  at: { readonly tokens: number; readonly streams: number },
): Correction | null {
  const runs = calibration.runs.filter((run) => run.backend === plan.backend)
  const own = runs.find((run) => isSamePlan(run, plan))
  const measured = own === undefined ? null : measuredCorrection(own, kind, at)
  if (measured !== null) return measured
  return weighedCorrection(calibration, plan, kind, at) ?? hostCorrection(calibration, plan)
}

function isSamePlan(run: CalibrationRun, plan: CalibratedPlan): boolean {
  return (
    run.architecture === plan.architecture &&
    run.quantization.id === plan.quantization.id &&
    run.gpuLayers === plan.gpuLayers &&
    run.kvType === plan.kvType
  )
}

/** Beyond the measured depths by less than this a speed still counts as measured: a token or two weigh nothing. */
const NEAR_TOKENS = 256

/** Between two measured depths seconds grow in proportion; `null` outside them, or with other streams. */
function measuredCorrection(
  run: CalibrationRun,
  kind: Kind,
  { tokens, streams }: { readonly tokens: number; readonly streams: number },
): Correction | null {
  const points = run[kind]
    .filter((point) => point.streams === streams)
    .toSorted((a, b) => a.tokens - b.tokens)
  const below = points.findLast((point) => point.tokens <= tokens)
  const above = points.find((point) => point.tokens >= tokens)
  const nearest = below ?? above
  if (nearest === undefined) return null
  if (below === undefined || above === undefined) {
    if (Math.abs(nearest.tokens - tokens) > NEAR_TOKENS) return null
    return ownCorrection(run, nearest, nearest.seconds / nearest.estimatedSeconds)
  }
  const share = above.tokens === below.tokens ? 0 : (tokens - below.tokens) / (above.tokens - below.tokens)
  const between = (of: (point: CalibrationPoint) => number) => of(below) * (1 - share) + of(above) * share
  const factor = between(({ seconds }) => seconds) / between(({ estimatedSeconds }) => estimatedSeconds)
  return ownCorrection(run, below, factor)
}

function ownCorrection(run: CalibrationRun, point: CalibrationPoint, factor: number): Correction {
  return {
    kind: 'measured',
    factor,
    low: (factor * point.lowSeconds) / point.seconds,
    high: (factor * point.highSeconds) / point.seconds,
    measurements: 1,
    disturbed: run.disturbed,
    measuredAt: run.measuredAt,
  }
}

/**
 * How far another plan lies: each step halves its say. Another depth or prompt of the same model is nearest, then the
 * same format, then the same group of formats; mixtures and hybrids speak for their own kind first.
 */
function weightOf(run: CalibrationRun, plan: CalibratedPlan): number {
  const sameModel = run.architecture === plan.architecture
  const sameFormat = run.quantization.id === plan.quantization.id
  let steps = sameModel ? 0 : 3
  if (!sameFormat) steps += run.quantization.group === plan.quantization.group ? 1 : 4
  if ((run.architecture.moe === null) !== (plan.architecture.moe === null)) steps += 3
  if (hasRecurrence(run.architecture) !== hasRecurrence(plan.architecture)) steps += 2
  return 2 ** -steps
}

function hasRecurrence(architecture: Architecture): boolean {
  return architecture.attention.recurrent !== null
}

/** The formulas already ask this machine's own rates: nothing is left to correct, but they are no guesses any more. */
function hostCorrection({ host }: Calibration, { backend }: CalibratedPlan): Correction | null {
  if (host === null || backend !== 'cpu') return null
  const { low, high } = CALIBRATED_SPREAD
  return {
    kind: 'calibrated',
    factor: 1,
    low,
    high,
    measurements: 0,
    disturbed: false,
    measuredAt: host.speed.measuredAt,
  }
}

/**
 * Spread of other models around a correction, as factors on the seconds: fourteen models on one machine whose runs
 * themselves differed by a tenth to a fifth (docs/how-inhouse-knows.md); nine in ten lay within 40 %.
 */
const CALIBRATED_SPREAD = { low: 0.7, high: 1.4 } as const

function weighedCorrection(
  { runs, host }: Calibration,
  plan: CalibratedPlan,
  kind: Kind,
  { tokens, streams }: { readonly tokens: number; readonly streams: number },
): Correction | null {
  const ratios: WeighedLog[] = []
  let measuredAt = ''
  for (const run of runs) {
    const point = run.backend === plan.backend ? nearestPoint(run[kind], tokens, streams) : null
    if (run.disturbed || point === null || !(point.estimatedSeconds > 0)) continue
    ratios.push({ weight: weightOf(run, plan), log: Math.log(point.seconds / point.estimatedSeconds) })
    if (run.measuredAt > measuredAt) measuredAt = run.measuredAt
  }
  if (ratios.length === 0) return null
  const measurements = ratios.length
  // With the machine's own rates the estimate is worth about two measurements of other models.
  if (host !== null && plan.backend === 'cpu') ratios.push({ weight: HOST_WEIGHT, log: 0 })
  const factor = Math.exp(weighedMedian(ratios))
  return {
    kind: 'calibrated',
    factor,
    low: factor * CALIBRATED_SPREAD.low,
    high: factor * CALIBRATED_SPREAD.high,
    measurements,
    disturbed: false,
    measuredAt,
  }
}

interface WeighedLog {
  readonly weight: number
  readonly log: number
}

/** Two measurements of other models in the same format (`weightOf`). */
const HOST_WEIGHT = 0.25

/** The middle, because single measurements can be far off; between two that share it, their mean. */
function weighedMedian(values: readonly WeighedLog[]): number {
  const sorted = values.toSorted((a, b) => a.log - b.log)
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2
  let passed = 0
  for (const [at, { weight, log }] of sorted.entries()) {
    passed += weight
    if (passed > half) return log
    if (passed === half) return (log + (sorted[at + 1]?.log ?? log)) / 2
  }
  return sorted.at(-1)?.log ?? 0
}

/** The point nearest in streams, then in tokens. */
function nearestPoint(
  points: readonly CalibrationPoint[],
  tokens: number,
  streams: number,
): CalibrationPoint | null {
  let best: CalibrationPoint | null = null
  for (const point of points) if (best === null || isNearer(point, best, tokens, streams)) best = point
  return best
}

function isNearer(a: CalibrationPoint, b: CalibrationPoint, tokens: number, streams: number): boolean {
  const streamsApart = Math.abs(a.streams - streams) - Math.abs(b.streams - streams)
  return streamsApart !== 0 ? streamsApart < 0 : Math.abs(a.tokens - tokens) < Math.abs(b.tokens - tokens)
}
