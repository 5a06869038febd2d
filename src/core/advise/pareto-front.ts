/** One plan as a point: more quality, more speed and less memory are better. */
export interface TradeOff {
  readonly quality: number
  readonly tokensPerSecond: number
  readonly memoryBytes: number
}

/**
 * Marks the points no other point beats: not worse in quality, speed and memory, and better in one. Equal points are
 * all on the front. Quadratic: one point a model, some hundred at most.
 */
export function paretoFront(points: readonly TradeOff[]): readonly boolean[] {
  return points.map((point) => !points.some((other) => dominates(other, point)))
}

function dominates(other: TradeOff, point: TradeOff): boolean {
  return (
    other.quality >= point.quality &&
    other.tokensPerSecond >= point.tokensPerSecond &&
    other.memoryBytes <= point.memoryBytes &&
    (other.quality > point.quality ||
      other.tokensPerSecond > point.tokensPerSecond ||
      other.memoryBytes < point.memoryBytes)
  )
}
