import { formatCount } from '#core/figure/format-figure.ts'

interface TimeUnit {
  readonly name: string
  readonly seconds: number
  /** From here on this unit is read more easily than the one before. */
  readonly fromSeconds: number
}

const SECONDS: TimeUnit = { name: 's', seconds: 1, fromSeconds: 0 }
const LARGER: readonly TimeUnit[] = [
  { name: 'h', seconds: 3600, fromSeconds: 2.5 * 3600 },
  { name: 'min', seconds: 60, fromSeconds: 120 },
]

/** A time as people say it: "40 s", "3 min", "5 h"; never 0. */
export function durationText(seconds: number): string {
  const unit = unitOf(seconds)
  return `${partText(seconds, unit)} ${unit.name}`
}

/** Both ends of an expected time in one unit: "20–60 s", "2–5 min"; one value where both read the same. */
export function durationRangeText(lowSeconds: number, highSeconds: number): string {
  const unit = unitOf(highSeconds)
  const [low, high] = [partText(lowSeconds, unit), partText(highSeconds, unit)]
  return low === high ? `${high} ${unit.name}` : `${low}–${high} ${unit.name}`
}

function unitOf(seconds: number): TimeUnit {
  return LARGER.find(({ fromSeconds }) => seconds >= fromSeconds) ?? SECONDS
}

/** Whole, because a time that is left is never known better; started seconds count. */
function partText(seconds: number, unit: TimeUnit): string {
  const parts = seconds / unit.seconds
  return formatCount(Math.max(1, unit === SECONDS ? Math.ceil(parts) : parts))
}
