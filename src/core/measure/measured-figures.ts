import type { Figure, FigureUnit, MaybeFigure } from '#core/figure/figure.ts'
import type {
  DecodeSpeed,
  MeasuredSpeed,
  Measurement,
  MeasuringMethod,
  PrefillSpeed,
} from '#core/measure/measurement.ts'
import { QUOTED_PROMPT_TOKENS } from '#core/speed/prefill-seconds.ts'

/** What a run found, as figures. */
export interface MeasuredFigures {
  /** One stream, at the measured depth nearest to the plan's. */
  readonly decode: MaybeFigure
  /** Tokens in the cache of that speed; null where none was measured. */
  readonly decodeDepthTokens: number | null
  /** The prompt nearest to the one that estimates are quoted for. */
  readonly prefill: MaybeFigure
  readonly promptTokens: number | null
  readonly memory: MeasuredMemoryFigures
  readonly took: Figure
}

/** Memory of the process that ran the plan. */
export interface MeasuredMemoryFigures {
  readonly resident: MaybeFigure
  readonly mapped: MaybeFigure
  readonly anonymous: MaybeFigure
  readonly baseline: MaybeFigure
  readonly accelerator: MaybeFigure
}

/** A measured run as figures; of several depths and prompts the ones nearest to what plans are quoted for. */
export function measuredFigures(measurement: Measurement, depthTokens: number): MeasuredFigures {
  const single = measurement.decode.filter(({ streams }) => streams === 1)
  const decode = nearest(single, (speed) => Math.abs(speed.depthTokens - depthTokens))
  const prefill = nearest(measurement.prefill, (speed) => Math.abs(speed.promptTokens - QUOTED_PROMPT_TOKENS))
  return {
    decode: decode === null ? unknown('tokensPerSecond', NOT_TIMED) : decodeFigure(decode, measurement),
    decodeDepthTokens: decode?.depthTokens ?? null,
    prefill: prefill === null ? unknown('tokensPerSecond', NOT_TIMED) : prefillFigure(prefill, measurement),
    promptTokens: prefill?.promptTokens ?? null,
    memory: memoryFigures(measurement),
    took: {
      ...measured(measurement.tookSeconds, 'seconds', measurement),
      source: `wall time of ${RUNS[measurement.method]}`,
    },
  }
}

/** The speed of one stream among those decoded at once. */
export function decodeFigure(speed: DecodeSpeed, measurement: Measurement): Figure {
  const streams = speed.streams === 1 ? '' : `, each of ${speed.streams} streams at once`
  return speedFigure(speed, measurement, `${speed.depthTokens} tokens in the cache${streams}`)
}

/** The speed of all streams together. */
export function throughputFigure(speed: DecodeSpeed, measurement: Measurement): Figure {
  const each = decodeFigure(speed, measurement)
  const { streams, lowTokensPerSecond, highTokensPerSecond } = speed
  return {
    ...each,
    value: each.value * streams,
    low: lowTokensPerSecond * streams,
    high: highTokensPerSecond * streams,
  }
}

/** The speed of a prompt from an empty cache. */
export function prefillFigure(speed: PrefillSpeed, measurement: Measurement): Figure {
  return speedFigure(speed, measurement, `a prompt of ${speed.promptTokens} tokens`)
}

const NOT_TIMED = 'the run timed none'

const RUNS: Readonly<Record<MeasuringMethod, string>> = {
  quick: 'a quick dry run',
  full: 'a dry run of all layers',
  real: "a run of the model's own weights",
}

function nearest<Value>(values: readonly Value[], distance: (value: Value) => number): Value | null {
  return values.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}

function speedFigure(speed: MeasuredSpeed, measurement: Measurement, what: string): Figure {
  return {
    ...measured(speed.tokensPerSecond, 'tokensPerSecond', measurement),
    low: speed.lowTokensPerSecond,
    high: speed.highTokensPerSecond,
    source: `${RUNS[measurement.method]}, ${what}; 10th to 90th percentile of ${speed.repetitions} repetitions`,
  }
}

function memoryFigures(measurement: Measurement): MeasuredMemoryFigures {
  const { memory } = measurement
  const figure = (bytes: number | null | undefined, source: string, reason: string): MaybeFigure => {
    if (memory === null) return unknown('bytes', 'a quick dry run measures no memory')
    if (bytes === null || bytes === undefined) return unknown('bytes', reason)
    return { ...measured(bytes, 'bytes', measurement), source }
  }
  const notTold = 'the system does not tell'
  return {
    resident: figure(memory?.residentBytes, 'all that the process held in RAM at its fullest', notTold),
    mapped: figure(memory?.mappedBytes, 'pages of the model file among it', notTold),
    anonymous: figure(memory?.anonymousBytes, 'repacked weights, cache and buffers among it', notTold),
    baseline: figure(memory?.baselineBytes, 'what the process held before the model was loaded', notTold),
    accelerator: figure(
      memory?.acceleratorBytes,
      'all accelerators, beyond what was in use before',
      measurement.plan.gpuLayers === 0 ? 'no layer is on an accelerator' : notTold,
    ),
  }
}

function measured(value: number, unit: FigureUnit, { measuredAt, method }: Measurement): Figure {
  return { value, unit, basis: 'measured', source: RUNS[method], asOf: measuredAt.slice(0, 10) }
}

function unknown(unit: FigureUnit, reason: string): MaybeFigure {
  return { value: null, unit, reason }
}
