import type { SmokeUpdate } from '#contract/chatting.ts'
import { formatSpeed } from '#core/figure/format-figure.ts'
import { SMOKE_CHECKS } from '#core/smoke/smoke-record.ts'
import { plainText } from './plain-text.ts'
import { CHECK_WORDS } from './smoke-words.ts'

/** What came last of an answer is enough to see that it comes. */
const SHOWN_CHARACTERS = 60

/** How far a smoke test is, on one line of a terminal. */
export function smokeProgressText(update: SmokeUpdate): string {
  switch (update.kind) {
    case 'loading':
      return `Loading: ${Math.floor(update.fraction * 100)} %`
    case 'check-started':
      return `Check ${SMOKE_CHECKS.indexOf(update.id) + 1} of ${SMOKE_CHECKS.length}: ${CHECK_WORDS[update.id]}`
    case 'text':
      return plainText(update.text.replaceAll(/\s+/g, ' ').slice(-SHOWN_CHARACTERS))
    case 'check-done':
      return `${CHECK_WORDS[update.result.id]}: ${update.result.outcome}`
    case 'bench':
      return `Timing ${update.what}: ${formatSpeed(update.tokensPerSecond)} tok/s`
  }
}
