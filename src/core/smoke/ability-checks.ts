import { NEEDLE, needlePrompt } from '#core/smoke/needle-prompt.ts'
import { quotedText } from '#core/smoke/quoted-text.ts'
import {
  failed,
  passed,
  question,
  silenceWords,
  type SmokeAbout,
  type SmokeCheck,
  type SmokeEvidence,
  type SmokeGrade,
} from '#core/smoke/smoke-check.ts'

const LAST_LINE = 5
/** "3", "3.", "- 3": marks of a list are no fault. */
const NUMBER_LINE = /^(?:[-*•]\s*)?(\d+)[.,):]?$/

/** Five numbers on five lines, and nothing else. */
export function formatCheck(about: SmokeAbout): SmokeCheck {
  return {
    kind: 'asked',
    id: 'follows-format',
    questions: [
      question(
        `Write the numbers from 1 to ${LAST_LINE} in digits, one number per line. Write nothing else.`,
        about,
      ),
    ],
    grade: ({ answers: [answer] }) => {
      const silence = silenceWords(answer)
      if (answer === undefined || silence !== null) return failed(silence ?? '')
      const lines = answer.text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^```\w*$/.test(line))
      const isRight =
        lines.length === LAST_LINE &&
        lines.every((line, index) => NUMBER_LINE.exec(line)?.[1] === String(index + 1))
      return isRight
        ? passed(`It wrote the numbers from 1 to ${LAST_LINE}, one per line, and nothing else.`)
        : failed(
            `Expected the numbers from 1 to ${LAST_LINE}, one per line and nothing else; it wrote ${quotedText(answer.text)}.`,
          )
    },
  }
}

/** Two numbers that are in the question, and one that has to be worked out. */
const SUM = { left: 17, right: 25, total: 42 } as const
/** A right answer with its working has far fewer; a count to a hundred passes the right one too. */
const MOST_NUMBERS = 12

/** A sum below one hundred. */
export function arithmeticCheck(about: SmokeAbout): SmokeCheck {
  return {
    kind: 'asked',
    id: 'arithmetic',
    questions: [
      question(`What is ${SUM.left} + ${SUM.right}? Answer with the number in digits only.`, about),
    ],
    grade: gradeSum,
  }
}

function gradeSum({ answers: [answer] }: SmokeEvidence): SmokeGrade {
  const silence = silenceWords(answer)
  if (answer === undefined || silence !== null) return failed(silence ?? '')
  const numbers = numbersIn(answer.text)
  const total = String(SUM.total)
  const others = numbers.filter((number) => number !== String(SUM.left) && number !== String(SUM.right))
  const isRight =
    numbers.length <= MOST_NUMBERS &&
    (numbers.at(-1) === total || (others.length > 0 && others.every((number) => number === total)))
  if (isRight) return passed(`It said ${total}, as it should.`)
  if (numbers.length === 0) return failed(`Expected ${total} in digits; it said ${quotedText(answer.text)}.`)
  return failed(`Expected ${total}; it said ${quotedText(answer.text)}.`)
}

/** Whole numbers with their sign and decimals, without separators of thousands: "-1,042.5" is "-1042.5". */
function numbersIn(text: string): readonly string[] {
  return (text.match(/(?<![\d.])-?\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []).map((number) =>
    number.replaceAll(',', ''),
  )
}

/** A few hundred to two thousand tokens, a third of the context: the rest is for thoughts. */
const MOST_NEEDLE_TOKENS = 2000
const UNKNOWN_CONTEXT_NEEDLE_TOKENS = 1500
const LEAST_NEEDLE_TOKENS = 300
const CONTEXT_SHARE = 1 / 3
/** Vocabularies that are poor in English need more tokens than planned. */
const NEEDLE_ALLOWANCE = 1.5

/** One number in a long text. */
export function needleCheck(about: SmokeAbout): SmokeCheck {
  const { contextTokens } = about
  const tokens =
    contextTokens === null
      ? UNKNOWN_CONTEXT_NEEDLE_TOKENS
      : Math.min(MOST_NEEDLE_TOKENS, Math.floor(contextTokens * CONTEXT_SHARE))
  if (tokens < LEAST_NEEDLE_TOKENS) {
    return {
      kind: 'not-asked',
      id: 'needle',
      why: `A context of ${contextTokens} tokens has no room for a long prompt.`,
    }
  }
  return {
    kind: 'asked',
    id: 'needle',
    questions: [question(needlePrompt(tokens), about, { promptTokens: tokens * NEEDLE_ALLOWANCE })],
    grade: ({ answers: [answer] }) => {
      const silence = silenceWords(answer)
      if (answer === undefined || silence !== null) return failed(silence ?? '')
      const numbers = new Set(numbersIn(answer.text))
      return numbers.has(NEEDLE) && numbers.size === 1
        ? passed(`It found ${NEEDLE} in a text of about ${tokens} tokens.`)
        : failed(
            `Expected ${NEEDLE}, from a text of about ${tokens} tokens; it said ${quotedText(answer.text)}.`,
          )
    },
  }
}
