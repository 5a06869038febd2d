import { parsed, rejected } from './parsed-input.ts'
import type { ParsedInput } from './parsed-input.ts'

/** A whole number within limits; `what` names it in the message: "users". */
export function parseWholeNumber(
  text: string,
  limits: { readonly what: string; readonly least: number; readonly most: number },
): ParsedInput<number> {
  const value = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN
  if (value >= limits.least && value <= limits.most) return parsed(value)
  return rejected(
    `${limits.what} must be a whole number from ${limits.least} to ${limits.most}, not "${text}"`,
  )
}
