import { SMOKE_CHECKS } from '#core/smoke/smoke-record.ts'
import type { SmokeCheckId, SmokeCheckResult, SmokeRecord } from '#core/smoke/smoke-record.ts'

/** Two smoke tests side by side: two quantizations, with and without an adapter, a file and an endpoint. */
export interface SmokeComparison {
  readonly checks: readonly ComparedCheck[]
  /** Checks that came out differently. */
  readonly changedOutcomes: number
  /** Checks asked of both whose answers differ. */
  readonly changedAnswers: number
  readonly decode: ComparedNumber
  readonly prefill: ComparedNumber
  readonly fileBytes: ComparedNumber
  readonly residentBytes: ComparedNumber
  readonly acceleratorBytes: ComparedNumber
}

/** One check of two smoke tests; null where one of them does not have it. */
export interface ComparedCheck {
  readonly id: SmokeCheckId
  readonly outcomes: readonly [SmokeCheckResult['outcome'] | null, SmokeCheckResult['outcome'] | null]
  readonly answers: readonly [readonly string[], readonly string[]]
  /** Null where it was not asked of both, or not the same. */
  readonly sameAnswers: boolean | null
}

/** One figure of two smoke tests; null where it is not known. */
export interface ComparedNumber {
  readonly values: readonly [number | null, number | null]
  /** The second as a multiple of the first. */
  readonly ratio: number | null
}

/** Sets two smoke tests beside one another. */
export function compareSmokeTests(first: SmokeRecord, second: SmokeRecord): SmokeComparison {
  const checks = SMOKE_CHECKS.map((id) => comparedCheck(id, first, second))
  const compared = (valueOf: (record: SmokeRecord) => number | null | undefined) =>
    comparedNumber(valueOf(first) ?? null, valueOf(second) ?? null)
  return {
    checks,
    changedOutcomes: checks.filter(({ outcomes: [a, b] }) => a !== b).length,
    changedAnswers: checks.filter(({ sameAnswers }) => sameAnswers === false).length,
    decode: compared(({ bench }) => bench?.decode.tokensPerSecond),
    prefill: compared(({ bench }) => bench?.prefill.tokensPerSecond),
    fileBytes: compared(({ subject }) => subject.fileBytes),
    residentBytes: compared(({ memory }) => memory?.residentBytes),
    acceleratorBytes: compared(({ memory }) => memory?.acceleratorBytes),
  }
}

function comparedCheck(id: SmokeCheckId, first: SmokeRecord, second: SmokeRecord): ComparedCheck {
  const [one, other] = [first, second].map(({ checks }) => checks.find((check) => check.id === id))
  const answers = [saidBy(one, 'assistant'), saidBy(other, 'assistant')] as const
  const isSameQuestion = isSameList(saidBy(one, 'user'), saidBy(other, 'user'))
  const isAsked = answers.every((said) => said.length > 0)
  return {
    id,
    outcomes: [one?.outcome ?? null, other?.outcome ?? null],
    answers,
    sameAnswers: isAsked && isSameQuestion ? isSameList(...answers) : null,
  }
}

function saidBy(check: SmokeCheckResult | undefined, who: 'user' | 'assistant'): readonly string[] {
  return (check?.transcript ?? []).flatMap(({ role, text }) => (role === who ? [text] : []))
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}

function comparedNumber(first: number | null, second: number | null): ComparedNumber {
  const isKnown = first !== null && second !== null && first > 0
  return { values: [first, second], ratio: isKnown ? second / first : null }
}
