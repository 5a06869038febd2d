/** Remembers the last answer of a pure function for the same arguments, compared by identity. */
export function memoizeLast<Arguments extends readonly unknown[], Answer>(
  compute: (...values: Arguments) => Answer,
): (...values: Arguments) => Answer {
  let last: { readonly values: Arguments; readonly answer: Answer } | null = null
  return (...values) => {
    if (last === null || values.some((value, index) => value !== last?.values[index])) {
      last = { values, answer: compute(...values) }
    }
    return last.answer
  }
}
