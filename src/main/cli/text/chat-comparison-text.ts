import type { ChatAnswer, SessionInfo } from '#contract/chatting.ts'
import type { Generation } from '#core/chat/generation.ts'
import { formatCount, formatMemory, formatNumber, formatSpeed } from '#core/figure/format-figure.ts'
import { formatTable } from './format-table.ts'
import { plainText } from './plain-text.ts'
import type { Style } from './style.ts'

/** An answer, and who gave it. */
export interface GivenAnswer {
  readonly info: SessionInfo
  readonly answer: ChatAnswer
}

const NOT_KNOWN = 'not known'

const ROWS: readonly (readonly [string, (generation: Generation) => string | null])[] = [
  [
    'First token',
    ({ timeToFirstTokenSeconds: seconds }) => shown(seconds, (value) => `${formatNumber(value)} s`),
  ],
  ['Decode', ({ decodeTokensPerSecond: speed }) => shown(speed, (value) => `${formatSpeed(value)} tok/s`)],
  ['Prompt', ({ promptTokens: tokens }) => shown(tokens, (value) => `${formatCount(value)} tokens`)],
  ['Answer', ({ generatedTokens: tokens }) => shown(tokens, (value) => `${formatCount(value)} tokens`)],
  ['Memory', ({ memory }) => shown(memory?.residentBytes ?? null, formatMemory)],
  ['Charged', ({ usd }) => shown(usd, (value) => `${formatNumber(value)} USD`)],
]

/** Two answers to one question, in numbers side by side. */
export function chatComparisonText(answers: readonly GivenAnswer[], style: Style): string {
  return formatTable(
    {
      columns: [
        { title: '' },
        ...answers.map(
          ({ info }) => ({ title: plainText(info.name), align: 'right', flexible: true }) as const,
        ),
      ],
      rows: ROWS.map(([title, cell]) => [
        title,
        ...answers.map(({ answer }) => cell(answer.generation) ?? NOT_KNOWN),
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.bold },
  )
}

function shown(value: number | null, format: (value: number) => string): string | null {
  return value === null ? null : format(value)
}
