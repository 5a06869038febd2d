import type { SessionInfo } from '#contract/chatting.ts'
import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import { formatCount, formatFileSize, formatMemory, formatNumber } from '#core/figure/format-figure.ts'
import { disturbanceWords } from '#core/measure/disturbance.ts'
import { estimateError, estimateErrorWords } from '#core/measure/estimate-error.ts'
import type { MeasuredSpeed } from '#core/measure/measurement.ts'
import {
  compareSmokeTests,
  type ComparedNumber,
  type SmokeComparison,
} from '#core/smoke/compare-smoke-tests.ts'
import { quotedText } from '#core/smoke/quoted-text.ts'
import type { SmokeCheckResult, SmokeRecord, SmokeSubject } from '#core/smoke/smoke-record.ts'
import type { SmokeOutcome } from '../json/smoke-json.ts'
import { figureText } from './figure-text.ts'
import { formatTable } from './format-table.ts'
import { plainText } from './plain-text.ts'
import { CHECK_WORDS } from './smoke-words.ts'
import type { Style } from './style.ts'

const MARKS = { passed: '✓', failed: '✗', 'not-asked': '–' } as const
const CHECK_WIDTH = Math.max(...Object.values(CHECK_WORDS).map(({ length }) => length))
const INDENT = '    '

/** What is tested and how it was loaded. */
export function smokeHeadText(info: SessionInfo, subject: SmokeSubject, style: Style): string {
  const { contextTokens, engine, gpuLayers, totalLayers } = info
  const adapters = subject.adapters.map(({ fileName, scale }) => `${plainText(fileName)} × ${scale}`)
  const about = [
    ...(subject.fileBytes === null ? [] : [formatFileSize(subject.fileBytes)]),
    ...(adapters.length === 0 ? [] : [`with ${adapters.join(', ')}`]),
    ...(contextTokens === null ? [] : [`${formatCount(contextTokens)} tokens of context`]),
    ...(gpuLayers === null || totalLayers === null
      ? []
      : [`${gpuLayers} of ${totalLayers} layers on the GPU`]),
    ...(engine === null ? [] : [engine.backend, countedThreads(engine.threads)]),
  ]
  const proves =
    subject.kind === 'pilot'
      ? `${style.dim('The pilot shows that the engine works; it says nothing about quality.')}\n`
      : ''
  return `${style.bold(plainText(subject.name))}${about.length === 0 ? '' : `  ${about.join(', ')}`}\n${proves}`
}

function countedThreads(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`
}

/** One check, ticked off; its transcript where it is asked for, or where the answer is what failed. */
export function checkText(
  { id, outcome, transcript, why }: SmokeCheckResult,
  options: { readonly style: Style; readonly transcript: boolean },
): string {
  const { style } = options
  const paint = { passed: style.good, failed: style.bad, 'not-asked': style.dim }[outcome]
  const line = `${paint(MARKS[outcome])} ${CHECK_WORDS[id].padEnd(CHECK_WIDTH)}  ${plainText(why)}\n`
  const isAnswered = transcript.some(({ role }) => role === 'assistant')
  if (!options.transcript && !(outcome === 'failed' && isAnswered)) return line
  const said = transcript.map(({ role, text }) => style.dim(saidText(role, text)))
  return `${line}${said.join('')}`
}

/** Long prompts are told by their ends. */
const MOST_SAID_CHARACTERS = 600

function saidText(role: string, text: string): string {
  const shown =
    text.length <= MOST_SAID_CHARACTERS
      ? text
      : `${text.slice(0, MOST_SAID_CHARACTERS / 2)} … ${text.slice(-MOST_SAID_CHARACTERS / 2)}`
  const lines = shown.split(/\r?\n/).map((line, index) => {
    return `${INDENT}${(index === 0 ? role : '').padEnd('assistant'.length)}  ${plainText(line)}\n`
  })
  return lines.join('')
}

/** The verdict, and its numbers beside what was predicted. */
export function smokeEndText(outcome: SmokeOutcome, style: Style): string {
  const { isMeasurement, noPrediction, prediction, record } = outcome
  const asked = record.checks.filter((check) => check.outcome !== 'not-asked')
  const passed = asked.filter((check) => check.outcome === 'passed').length
  const verdict = record.passed ? style.good('Passed') : style.bad('Failed')
  const disturbance = record.engine === null ? null : disturbanceWords({ ...record, engine: record.engine })
  return [
    speedLine('Decode', record.bench?.decode ?? null, prediction?.decode ?? null),
    speedLine('Prefill', record.bench?.prefill ?? null, prediction?.prefill ?? null),
    memoryLine(record),
    ...(record.bench === null || noPrediction === null
      ? []
      : [`Nothing was predicted: ${plainText(noPrediction)}.\n`]),
    ...(disturbance === null ? [] : [`${disturbance}\n`]),
    `${style.bold(verdict)}: ${passed} of ${asked.length} checks, in ${formatNumber(record.tookSeconds)} s.${isMeasurement && disturbance === null ? ' Its speed now corrects the estimates of this machine.' : ''}\n\n`,
  ].join('')
}

function speedLine(name: string, speed: MeasuredSpeed | null, predicted: MaybeFigure | null): string {
  if (speed === null) return ''
  const measured: Figure = {
    value: speed.tokensPerSecond,
    low: speed.lowTokensPerSecond,
    high: speed.highTokensPerSecond,
    unit: 'tokensPerSecond',
    basis: 'measured',
    source: 'its smoke test',
  }
  const error = predicted === null ? null : estimateError(predicted, measured)
  const beside =
    predicted === null || error === null
      ? ''
      : `, predicted ${figureText(predicted)}: ${estimateErrorWords(error)}`
  return `${name}  ${figureText(measured)}${beside}\n`
}

function memoryLine({ memory }: SmokeRecord): string {
  if (memory === null) return ''
  const accelerators = memory.acceleratorBytes
  return `Memory  ${formatMemory(memory.residentBytes)} in RAM${accelerators === null ? '' : `, ${formatMemory(accelerators)} on accelerators`}\n`
}

/** Two tests side by side. */
export function comparisonText(first: SmokeRecord, second: SmokeRecord, style: Style): string {
  const compared = compareSmokeTests(first, second)
  const outcomes = compared.checks.map(({ id, outcomes: [one, other], sameAnswers }) => [
    CHECK_WORDS[id],
    one === null ? '' : MARKS[one],
    other === null ? '' : MARKS[other],
    sameAnswers === null ? '' : sameAnswers ? 'same answer' : 'other answer',
  ])
  const numbers: readonly (readonly [string, ComparedNumber, (value: number) => string])[] = [
    ['Decode, tok/s', compared.decode, formatNumber],
    ['Prefill, tok/s', compared.prefill, formatNumber],
    ['File', compared.fileBytes, formatFileSize],
    ['RAM', compared.residentBytes, formatMemory],
    ['Accelerators', compared.acceleratorBytes, formatMemory],
  ]
  const figures = numbers.flatMap(([name, { ratio, values }, format]) =>
    values.every((value) => value === null)
      ? []
      : [
          [
            name,
            ...values.map((value) => (value === null ? '' : format(value))),
            ratio === null ? '' : `× ${formatNumber(ratio)}`,
          ],
        ],
  )
  const titles = [columnTitle(first), columnTitle(second)]
  const [one, other] =
    titles[0] === titles[1] ? titles.map((title, index) => `${title} (${index + 1})`) : titles
  const table = formatTable(
    {
      columns: [
        { title: '' },
        { title: one ?? '', align: 'right', flexible: true },
        { title: other ?? '', align: 'right', flexible: true },
        { title: 'second to first' },
      ],
      rows: [...outcomes, ...figures],
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
  return `${table}${otherAnswersText(compared)}`
}

/** Where two answers to the same question differ, both by their beginnings. */
function otherAnswersText({ checks }: SmokeComparison): string {
  const lines = checks.flatMap(({ answers: [one, other], id, sameAnswers }) =>
    sameAnswers === false
      ? [
          `${CHECK_WORDS[id].padEnd(CHECK_WIDTH)}  ${plainText(quotedText(one[0] ?? ''))}\n`,
          `${''.padEnd(CHECK_WIDTH)}  ${plainText(quotedText(other[0] ?? ''))}\n`,
        ]
      : [],
  )
  return lines.length === 0 ? '' : `\nOther answers, the first above the second\n${lines.join('')}`
}

/** With its adapters: without them both columns would be called the same. */
function columnTitle({ subject }: SmokeRecord): string {
  return [subject.name, ...subject.adapters.map(({ fileName }) => fileName)].map(plainText).join(' + ')
}
