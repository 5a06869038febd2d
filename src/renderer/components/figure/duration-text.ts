import { formatCount } from '#core/figure/format-figure.ts'

/** From here on minutes are read more easily than seconds. */
const MINUTES_FROM_SECONDS = 120

/** A time as people say it: "40 s", "3 min"; never 0. */
export function durationText(seconds: number): string {
  return seconds < MINUTES_FROM_SECONDS
    ? `${formatCount(Math.max(1, Math.ceil(seconds)))} s`
    : `${formatCount(seconds / 60)} min`
}

/** Both ends of an expected time in one unit: "20–60 s", "2–5 min"; one value where both read the same. */
export function durationRangeText(lowSeconds: number, highSeconds: number): string {
  const inMinutes = highSeconds >= MINUTES_FROM_SECONDS
  const part = (seconds: number) => formatCount(Math.max(1, inMinutes ? seconds / 60 : Math.ceil(seconds)))
  const [low, high] = [part(lowSeconds), part(highSeconds)]
  const unit = inMinutes ? 'min' : 's'
  return low === high ? `${high} ${unit}` : `${low}–${high} ${unit}`
}
