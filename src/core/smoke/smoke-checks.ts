import { arithmeticCheck, formatCheck, needleCheck } from '#core/smoke/ability-checks.ts'
import { jsonCheck } from '#core/smoke/json-check.ts'
import type { SmokeAbout, SmokeCheck } from '#core/smoke/smoke-check.ts'
import { SMOKE_CHECKS, type SmokeCheckId } from '#core/smoke/smoke-record.ts'
import {
  answersCheck,
  deterministicCheck,
  repetitionCheck,
  stopsCheck,
  unicodeCheck,
} from '#core/smoke/speech-checks.ts'

const CHECKS: Readonly<Record<SmokeCheckId, (about: SmokeAbout) => SmokeCheck>> = {
  answers: answersCheck,
  stops: stopsCheck,
  'follows-format': formatCheck,
  'valid-json': jsonCheck,
  arithmetic: arithmeticCheck,
  needle: needleCheck,
  'no-repetition': repetitionCheck,
  deterministic: deterministicCheck,
  unicode: unicodeCheck,
}

/** What a model of four megabytes that learned one manual by heart cannot be asked. */
const ABILITIES: ReadonlySet<SmokeCheckId> = new Set(['follows-format', 'arithmetic', 'needle'])

/** The nine checks in their order, as they are asked of this model. */
export function smokeChecks(about: SmokeAbout): readonly SmokeCheck[] {
  return SMOKE_CHECKS.map((id) =>
    about.kind === 'pilot' && ABILITIES.has(id)
      ? { kind: 'not-asked', id, why: 'The pilot knows its manual and nothing else.' }
      : CHECKS[id](about),
  )
}
