import { findRepetition } from '#core/smoke/find-repetition.ts'
import { quotedText } from '#core/smoke/quoted-text.ts'
import {
  failed,
  MOST_ANSWER_CHARACTERS,
  passed,
  question,
  silenceWords,
  type SmokeAbout,
  type SmokeAnswer,
  type SmokeCheck,
  type SmokeEvidence,
  type SmokeGrade,
} from '#core/smoke/smoke-check.ts'

/** The pilot knows its manual and nothing else. */
const PILOT_QUESTION = 'What is quantization?'

/** Something that can be read. */
export function answersCheck(about: SmokeAbout): SmokeCheck {
  const text = about.kind === 'pilot' ? PILOT_QUESTION : 'What is the capital of France?'
  return {
    kind: 'asked',
    id: 'answers',
    questions: [question(text, about)],
    grade: ({ answers: [answer] }) => {
      const silence = silenceWords(answer)
      if (answer === undefined || silence !== null) return failed(silence ?? '')
      return /[\p{L}\p{N}]/u.test(answer.text)
        ? passed('It answers.')
        : failed(`Expected words; it said ${quotedText(answer.text)}.`)
    },
  }
}

/** Marks of turns in the templates of today: where one is said aloud, file and template do not belong together. */
const TURN_MARK =
  /<\|(?:im_start|im_end|eot_id|start_header_id|end_header_id|end|user|assistant|system|endoftext|return|call)\|>|<\/s>|<(?:start|end)_of_turn>|\[\/?INST\]|<｜[^｜]{1,40}｜>/

/** A model that does not end its turn goes on to speak for the user. */
export function stopsCheck(about: SmokeAbout): SmokeCheck {
  const text = about.kind === 'pilot' ? 'What is LoRA?' : 'Say hello in one short sentence.'
  return {
    kind: 'asked',
    id: 'stops',
    questions: [question(text, about)],
    grade: ({ answers: [answer] }) => {
      const silence = silenceWords(answer)
      if (answer === undefined || silence !== null) return failed(silence ?? '')
      const mark = TURN_MARK.exec(answer.text)?.[0]
      if (mark !== undefined) {
        return failed(`Expected an answer alone; it also wrote ${quotedText(mark)}, a mark between turns.`)
      }
      return answer.stopReason === 'end-of-turn'
        ? passed('It ended its turn by itself.')
        : failed(`Expected one short sentence; ${endWords(answer)} without an end.`)
    },
  }
}

function endWords({ text, stopReason }: SmokeAnswer): string {
  if (stopReason === 'context-full') return 'it went on until the context was full'
  return text.length >= MOST_ANSWER_CHARACTERS
    ? `it went on for ${MOST_ANSWER_CHARACTERS} characters`
    : 'it went on until its limit of tokens'
}

/** Chosen as in a chat: at temperature 0 sound small models go round in circles too. */
export function repetitionCheck(about: SmokeAbout): SmokeCheck {
  const text =
    about.kind === 'pilot'
      ? PILOT_QUESTION
      : 'Write a story of about one hundred words about a lighthouse keeper and a cat.'
  return {
    kind: 'asked',
    id: 'no-repetition',
    questions: [question(text, about, { sampling: { ...about.sampling, seed: 1 } })],
    grade: ({ answers: [answer] }) => {
      const looped = [answer?.thought, answer?.text].flatMap((said) => findRepetition(said ?? '') ?? [])[0]
      if (looped !== undefined) {
        return failed(`It says ${quotedText(looped.unit)} ${looped.times} times.`)
      }
      const silence = silenceWords(answer)
      return silence === null ? passed('It does not repeat itself.') : failed(silence)
    },
  }
}

/**
 * The same question twice, each time after the same other one: what is still in the cache then is the same too, and so
 * are the sizes of the batches, which alone can change the last digits of a sum.
 */
export function deterministicCheck(about: SmokeAbout): SmokeCheck {
  const isEndpoint = about.kind === 'endpoint'
  const text =
    about.kind === 'pilot'
      ? PILOT_QUESTION
      : // Servers batch what many users ask, so that close calls fall either way: of these only a question with one
        // likely answer can be asked fairly.
        isEndpoint
        ? 'List the seven days of the week, starting with Monday. Write nothing else.'
        : 'Describe the sea in two sentences.'
  const spacer = question('Good morning.', about, { maxTokens: 16, isSpacer: true })
  const asked = question(text, about)
  return {
    kind: 'asked',
    id: 'deterministic',
    questions: isEndpoint ? [asked, asked] : [spacer, asked, spacer, asked],
    grade: ({ answers: [first, second] }) => {
      const silence = silenceWords(first) ?? silenceWords(second)
      if (first === undefined || second === undefined || silence !== null) return failed(silence ?? '')
      const same = first.text === second.text && (isEndpoint || first.thought === second.thought)
      return same
        ? passed('Asked twice at temperature 0, it said the same.')
        : failed(`Asked twice at temperature 0, it said ${differenceWords(first, second)}.`)
    },
  }
}

/** Where two answers part: what both say from there. */
function differenceWords(first: SmokeAnswer, second: SmokeAnswer): string {
  if (first.text === second.text) return 'the same after different thoughts'
  const [a, b] = [Array.from(first.text), Array.from(second.text)]
  const parts = a.findIndex((character, index) => character !== b[index])
  const from = Math.max(0, (parts === -1 ? a.length : parts) - 10)
  return `${quotedText(a.slice(from).join(''))}, then ${quotedText(b.slice(from).join(''))}`
}

/** Scripts of one to four bytes a sign, both directions, combining marks, emoji of one and of several signs. */
export const ROUND_TRIP_TEXT =
  'Gr\u00fc\u00dfe, Ελλάδα, Привет, שלום, مرحبا, नमस्ते, ไทย, 你好, こんにちは, 안녕, e\u0301 o\u0308, €½, 🙂 👩\u200d🚀 🏳\ufe0f\u200d🌈'

/** Half a character, shown as a sign of its own. */
const REPLACEMENT = '\ufffd'

/** Every script in and out again, and no broken signs in all that was said. */
export function unicodeCheck(about: SmokeAbout): SmokeCheck {
  const text =
    about.kind === 'pilot'
      ? PILOT_QUESTION
      : 'Write the word "water" in Greek, Russian, Chinese and Arabic, and then one emoji.'
  return {
    kind: 'asked',
    id: 'unicode',
    questions: [question(text, about)],
    grade: gradeUnicode,
  }
}

function gradeUnicode({ answers: [answer], roundTrip, saidBefore }: SmokeEvidence): SmokeGrade {
  const silence = silenceWords(answer)
  if (answer === undefined || silence !== null) return failed(silence ?? '')
  if (roundTrip !== null && !isSameText(roundTrip, ROUND_TRIP_TEXT)) {
    return failed(`The tokenizer gives text of many scripts back changed: ${quotedText(roundTrip)}.`)
  }
  const broken = [...saidBefore, answer.text].find((said) => said.includes(REPLACEMENT))
  if (broken !== undefined) {
    const at = broken.indexOf(REPLACEMENT)
    return failed(
      `Expected whole characters; it said a broken one (U+FFFD): ${quotedText(broken.slice(Math.max(0, at - 20), at + 20))}.`,
    )
  }
  return passed(
    roundTrip === null
      ? 'It said no broken character.'
      : 'The tokenizer gives every script back as it was, and it said no broken character.',
  )
}

/** Some tokenizers put a space before the text, or compose accents: neither changes what is read. */
function isSameText(one: string, other: string): boolean {
  return one.trim().normalize('NFC') === other.normalize('NFC')
}
