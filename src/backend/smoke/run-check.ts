import type { OpenModel } from '#backend/chat/open-model.ts'
import type { ChatAnswer, SmokeUpdate } from '#contract/chatting.ts'
import { InhouseError, type InhouseErrorCode } from '#contract/inhouse-error.ts'
import { printableText } from '#core/smoke/quoted-text.ts'
import {
  MOST_ANSWER_CHARACTERS,
  type SmokeAnswer,
  type SmokeCheck,
  type SmokeGrade,
  type SmokeQuestion,
} from '#core/smoke/smoke-check.ts'
import type { SmokeCheckResult, SmokeLine } from '#core/smoke/smoke-record.ts'
import { ROUND_TRIP_TEXT } from '#core/smoke/speech-checks.ts'

/** One check to run. */
interface CheckToRun {
  readonly model: OpenModel
  readonly check: SmokeCheck
  /** Answers of the checks before. */
  readonly saidBefore: readonly string[]
}

/** How it came out, and the error after which there is no model to ask any more. */
interface CheckRun {
  readonly result: SmokeCheckResult
  readonly lost: InhouseError | null
}

/** After these nothing answers any more; all others are about one question. */
const LOST: readonly InhouseErrorCode[] = [
  'ENGINE_MISSING',
  'ENGINE_CRASHED',
  'ENGINE_HUNG',
  'OUT_OF_MEMORY',
  'SESSION_GONE',
]
/** The first question that meets one of these has met no model at all; later ones are refused for reasons of their own. */
const NOT_THERE: readonly InhouseErrorCode[] = [
  'NETWORK_FAILED',
  'ACCESS_DENIED',
  'REMOTE_NOT_FOUND',
  'UNKNOWN_ENDPOINT',
]
const MOST_CAUSE_CHARACTERS = 600
/** A slow model that thinks at length is cut off, or nine small checks would take an hour. */
const LONGEST_ANSWER_MS = 120_000

/** Asks the questions of one check and grades the answers. */
export async function* runCheck(
  { model, check, saidBefore }: CheckToRun,
  signal: AbortSignal,
): AsyncGenerator<SmokeUpdate, CheckRun> {
  const { id } = check
  yield { kind: 'check-started', id }
  if (check.kind === 'not-asked') {
    return {
      result: { id, outcome: 'not-asked', why: check.why, transcript: [], tookSeconds: 0 },
      lost: null,
    }
  }
  const startedAt = performance.now()
  const transcript: SmokeLine[] = []
  const resultOf = ({ outcome, why }: SmokeGrade): SmokeCheckResult => ({
    id,
    outcome,
    why,
    transcript,
    tookSeconds: (performance.now() - startedAt) / 1000,
  })
  try {
    const answers = yield* askAll(model, check.questions, { signal, transcript })
    const roundTrip = id === 'unicode' ? ((await model.local?.roundTrip(ROUND_TRIP_TEXT)) ?? null) : null
    return { result: resultOf(check.grade({ answers, roundTrip, saidBefore })), lost: null }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof InhouseError)) throw error
    const cause = printableText(`${error.message} ${error.nextStep}`, MOST_CAUSE_CHARACTERS)
    const isLost = LOST.includes(error.code) || (saidBefore.length === 0 && NOT_THERE.includes(error.code))
    return {
      result: resultOf({ outcome: 'failed', why: `The question was not answered. ${cause}` }),
      lost: isLost ? error : null,
    }
  }
}

/** Writes into `transcript` as it goes, so that what was said before a failure is kept. */
async function* askAll(
  model: OpenModel,
  questions: readonly SmokeQuestion[],
  { signal, transcript }: { readonly signal: AbortSignal; readonly transcript: SmokeLine[] },
): AsyncGenerator<SmokeUpdate, readonly SmokeAnswer[]> {
  const answers: SmokeAnswer[] = []
  for (const question of questions) {
    if (!question.isSpacer) transcript.push({ role: 'user', text: question.text })
    const answer = yield* ask(model, question, signal)
    if (question.isSpacer) continue
    const text = answer.text.slice(0, MOST_ANSWER_CHARACTERS)
    answers.push({ text, thought: answer.thought, stopReason: answer.generation.stopReason })
    transcript.push({ role: 'assistant', text })
  }
  return answers
}

/** One question in a conversation of its own; an answer without end is cut off. */
async function* ask(
  model: OpenModel,
  { isSpacer, settings, text }: SmokeQuestion,
  signal: AbortSignal,
): AsyncGenerator<SmokeUpdate, ChatAnswer> {
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), LONGEST_ANSWER_MS)
  const chat = model.chat(
    { messages: [{ role: 'user', text }], settings },
    AbortSignal.any([signal, tooLong.signal]),
  )
  let characters = 0
  try {
    for (;;) {
      const step = await chat.next()
      // The chat ends well when it is stopped; the test does not.
      signal.throwIfAborted()
      if (step.done === true) return step.value
      const update = step.value
      if (update.kind !== 'text' || update.part !== 'answer') continue
      characters += update.text.length
      if (characters > MOST_ANSWER_CHARACTERS) tooLong.abort()
      else if (!isSpacer) yield { kind: 'text', text: update.text }
    }
  } finally {
    clearTimeout(timer)
    await chat.return(undefined as never)
  }
}
