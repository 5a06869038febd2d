/** Units a figure can carry; the unit a person reads is made of it by the formatter of each face. */
export type FigureUnit =
  | 'bytes'
  | 'bytesPerSecond'
  | 'tokensPerSecond'
  | 'seconds'
  | 'tokens'
  | 'percent'
  | 'indexPoints'
  | 'parameters'
  | 'watts'
  | 'usd'

/**
 * How a number is known. `measured` on this machine, `simulated` by llama.cpp's allocator,
 * `estimated` by a formula with an interval, `published` by a source with a date.
 */
export type Basis = 'measured' | 'simulated' | 'estimated' | 'published'

/** A number that reaches a person: never naked, always with its unit, its basis and where it comes from. */
export interface Figure {
  readonly value: number
  readonly unit: FigureUnit
  readonly basis: Basis
  /** Lower end of the interval (80 % unless `source` says otherwise). */
  readonly low?: number
  /** Upper end of the interval. */
  readonly high?: number
  /** What computed or published it, in words a person can check. */
  readonly source: string
  /** ISO date of the source, where one is known. */
  readonly asOf?: string
}

/**
 * A figure that is not known: the reason, a clause without full stop, is shown where the number would stand; never 0,
 * never a dash alone.
 */
export interface UnknownFigure {
  readonly value: null
  readonly unit: FigureUnit
  readonly reason: string
}

/** A figure, or the reason why there is none. */
export type MaybeFigure = Figure | UnknownFigure

/** Narrows to a known figure. */
export function isKnown(figure: MaybeFigure): figure is Figure {
  return figure.value !== null
}
