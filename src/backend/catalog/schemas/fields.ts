import * as z from 'zod'

// A catalogue is checked once per start: compiling each check first takes longer (52 ms) than running it plainly (33 ms).
z.config({ jitless: true })

/**
 * Text of the catalogue is shown, never run. Markup is left as it is (every face escapes it), but control characters could
 * drive a terminal and direction marks could make a name read as another, so they are refused; a limit on the length
 * keeps a hostile record from filling a page.
 */
const PRINTABLE = /^[^\p{Cc}\u2028-\u202e\u2066-\u2069]+$/u
const text = z.string().regex(PRINTABLE, 'must be printable text, not empty')
export const shortText = text.max(300)
export const longText = text.max(4000)

/** A count of things: whole, not negative. */
export const count = z.number().int().nonnegative()

/** A count that is 0 where a user's own record does not say it. */
export const noneByDefault = z.number().int().nonnegative()

/** A property that a record does not have where a user's own does not say it. */
export const offByDefault = z.boolean()

/** A value or "there is none", which a user's own record has to say: assuming either would give wrong sizes. */
export function valueOrStatedNone<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.null()])
}

/** A count that cannot be nothing: heads, layers, vocabulary. */
export const atLeastOne = z.number().int().positive()

/** A physical quantity that is known and not nothing. */
export const positive = z.number().positive()

/** `2026-11-23`, `2026-11` or `2026`: as exact as the source. */
export const isoDate = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, 'must be a date like 2026-11-23')

/** A catalogue file: which schema it obeys, the date of its newest record, and the records. */
export function recordsFile<Name extends string, Entry extends z.ZodType>(name: Name, entry: Entry) {
  return z.strictObject({
    schema: z.literal(`inhouse/${name}/1` as const),
    asOf: isoDate,
    records: z.array(entry).min(1),
  })
}
