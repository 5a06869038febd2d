import type { ChatSettings, SamplingSettings } from '#core/chat/chat-settings.ts'
import type { StopReason } from '#core/chat/generation.ts'
import type { SmokeCheckId, SmokeSubject } from '#core/smoke/smoke-record.ts'

/** What decides which questions are asked. */
export interface SmokeAbout {
  readonly kind: SmokeSubject['kind']
  /** Of one conversation; null where an endpoint does not say. */
  readonly contextTokens: number | null
  /** How answers of this model are usually chosen. */
  readonly sampling: SamplingSettings
}

/** One thing asked, each in a conversation of its own. */
export interface SmokeQuestion {
  readonly text: string
  readonly settings: ChatSettings
  /** Not judged and not shown: asked so that the next question meets the cache that its twin met. */
  readonly isSpacer: boolean
}

/** One thing said in answer. */
export interface SmokeAnswer {
  readonly text: string
  readonly thought: string | null
  readonly stopReason: StopReason
}

/** What a check is judged by. */
export interface SmokeEvidence {
  /** To the questions that are no spacers, in their order. */
  readonly answers: readonly SmokeAnswer[]
  /** What the tokenizer made of {@link ROUND_TRIP_TEXT}; null where it cannot be asked. */
  readonly roundTrip: string | null
  /** Answers of the checks before. */
  readonly saidBefore: readonly string[]
}

/** How a check came out, and one sentence of what was expected and what came. */
export interface SmokeGrade {
  readonly outcome: 'passed' | 'failed'
  readonly why: string
}

/** A check, or why it is not asked. */
export type SmokeCheck =
  | {
      readonly kind: 'asked'
      readonly id: SmokeCheckId
      readonly questions: readonly SmokeQuestion[]
      readonly grade: (evidence: SmokeEvidence) => SmokeGrade
    }
  | { readonly kind: 'not-asked'; readonly id: SmokeCheckId; readonly why: string }

/** All that is asked has a short answer; one that goes on beyond this has no end, and is cut off. */
export const MOST_ANSWER_CHARACTERS = 2000

/** Reasoning models think some thousand tokens even about a sum. */
const MOST_TOKENS = 4096
/** Of servers that do not tell their context: more is refused by some. */
const MOST_TOKENS_UNKNOWN_CONTEXT = 2048
const LEAST_TOKENS = 32
/** Turns of the template, and the question itself. */
const SHORT_PROMPT_TOKENS = 96

/** The most likely token each time: two runs then say the same, and what a model knows is not left to chance. */
const GREEDY: SamplingSettings = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repeatPenalty: 1,
  seed: 1,
}

/** What may differ from one question to the next. */
interface QuestionOptions {
  readonly sampling?: SamplingSettings
  readonly jsonSchema?: string
  readonly promptTokens?: number
  readonly maxTokens?: number
  readonly isSpacer?: boolean
}

/** A question with room for thoughts before its answer. */
export function question(text: string, about: SmokeAbout, options: QuestionOptions = {}): SmokeQuestion {
  const { promptTokens = SHORT_PROMPT_TOKENS, maxTokens = Infinity } = options
  const room = about.contextTokens === null ? MOST_TOKENS_UNKNOWN_CONTEXT : about.contextTokens - promptTokens
  return {
    text,
    settings: {
      system: '',
      sampling: options.sampling ?? GREEDY,
      maxTokens: Math.min(maxTokens, Math.max(LEAST_TOKENS, Math.min(MOST_TOKENS, room))),
      jsonSchema: options.jsonSchema ?? null,
    },
    isSpacer: options.isSpacer ?? false,
  }
}

/** Null where something was said, else one sentence of what came instead. */
export function silenceWords(answer: SmokeAnswer | undefined): string | null {
  if (answer === undefined) return 'There was no answer.'
  if (answer.text.trim() !== '') return null
  const thought = answer.thought?.trim() ?? ''
  if (thought === '') return answer.text === '' ? 'The answer is empty.' : 'The answer is only white space.'
  return answer.stopReason === 'end-of-turn'
    ? 'It thought, and then said nothing.'
    : 'It thought until its limit and never came to an answer.'
}

/** A verdict with its sentence. */
export function passed(why: string): SmokeGrade {
  return { outcome: 'passed', why }
}

/** A verdict with its sentence. */
export function failed(why: string): SmokeGrade {
  return { outcome: 'failed', why }
}
