import type { SmokeCheckId } from '#core/smoke/smoke-record.ts'

/** The checks as they are called in a terminal. */
export const CHECK_WORDS: Readonly<Record<SmokeCheckId, string>> = {
  answers: 'answers',
  stops: 'ends its turn',
  'follows-format': 'keeps to a format',
  'valid-json': 'JSON by a schema',
  arithmetic: 'arithmetic',
  needle: 'needle in a long text',
  'no-repetition': 'no endless repetition',
  deterministic: 'same answer twice',
  unicode: 'every script',
}
