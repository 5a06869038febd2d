const MILLISECONDS_PER_MINUTE = 60_000
const MINUTES_SHOWN_AS_AGE = 60

export type ScanAge =
  | { readonly kind: 'just-now' }
  | { readonly kind: 'minutes'; readonly minutes: number }
  /** Older than an hour: the absolute local time, `2026-11-25 03:30`. */
  | { readonly kind: 'date'; readonly when: string }

/** How a person says when the scan was: an age while it is fresh, a date afterwards. */
export function scanAge(scannedAt: string, nowMilliseconds: number): ScanAge {
  const scanned = new Date(scannedAt)
  const minutes = Math.floor((nowMilliseconds - scanned.getTime()) / MILLISECONDS_PER_MINUTE)
  if (minutes < 1) return { kind: 'just-now' }
  if (minutes < MINUTES_SHOWN_AS_AGE) return { kind: 'minutes', minutes }
  return { kind: 'date', when: localMinute(scanned) }
}

function localMinute(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
