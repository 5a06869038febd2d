import type { Recommendation } from '#core/advise/recommendation.ts'
import {
  formatContext,
  formatCount,
  formatFileSize,
  formatMemory,
  formatNumber,
} from '#core/figure/format-figure.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { LadderCell } from '#core/plan/plan-ladder.ts'
import type { MemoryParts, PlanEvaluation } from '#core/plan/plan.ts'
import type { Simulation } from '#core/plan/simulation.ts'
import { bytesToGibibytes } from '#core/units/units.ts'
import { explainFigure } from './explain-figure.ts'
import { figureText, figureValueText, MARK_KEY } from './figure-text.ts'
import { formatTable } from './format-table.ts'
import type { TableCell } from './format-table.ts'
import { memoryWords } from './memory-words.ts'
import { bullets } from './paragraphs.ts'
import { plainText } from './plain-text.ts'
import { planFigures } from './plan-figures.ts'
import { fitCell, placementText } from './plan-words.ts'
import type { Style } from './style.ts'

/** Everything the plan page of the terminal shows. */
export interface PlanView {
  readonly machine: Machine
  readonly described: Recommendation
  /** With `--exact`. */
  readonly simulation: Simulation | null
  readonly ladder: readonly LadderCell[]
}

function memoryRow(label: string, memory: MemoryParts): readonly string[] {
  const { weights, kvCache, compute, overhead, total } = memory
  const parts = [weights, kvCache, compute, overhead, total]
  return [plainText(label), ...parts.map((figure) => figureValueText(figure).replace(' GiB', ''))]
}

/** Rows that add up: the cards alone where the plan is judged by them, else every pool; one row needs no sum. */
function sumRow(plan: PlanEvaluation): readonly (readonly string[])[] {
  const onCards = plan.placement.mode === 'gpu' || plan.placement.mode === 'multi-gpu'
  const summed = plan.pools.filter(({ pool }) => !onCards || pool !== 'ram')
  return summed.length > 1 ? [memoryRow(onCards ? 'all cards' : 'in all', plan.memory)] : []
}

/** One row a pool; the last row adds up what the plan takes, never the budgets: unlike pools are not one. */
function memoryTable(plan: PlanEvaluation, style: Style): string {
  const rows = plan.pools.map((use) => [
    ...memoryRow(use.label, use.memory),
    formatNumber(bytesToGibibytes(use.memory.budget.value)),
    fitCell(use.fit, style),
  ])
  const sum = sumRow(plan).map((row) => [...row, '', fitCell(plan.fit, style)])
  return formatTable(
    {
      columns: [
        { title: 'Memory, GiB', flexible: true },
        { title: 'weights', align: 'right' },
        { title: 'KV cache', align: 'right' },
        { title: 'compute', align: 'right' },
        { title: 'overhead', align: 'right' },
        { title: 'total', align: 'right' },
        { title: 'budget', align: 'right' },
        { title: 'fit' },
      ],
      rows: [...rows, ...sum],
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
}

function simulationLine(simulation: Simulation | null): string {
  if (simulation === null) return ''
  const { engineRelease, seconds } = simulation
  const when = seconds === 0 ? 'kept from before' : `asked in ${formatNumber(seconds)} s`
  return `Weights, cache and compute are what the allocator of llama.cpp ${plainText(engineRelease)} takes (${when}).\n`
}

function speedLines({ plan, quality, agreement }: Recommendation, style: Style): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Decode', `${figureText(plan.decode)}, ${formatCount(plan.depthTokens)} tokens in the cache`],
    ['Prefill', figureText(plan.prefill)],
    ['First token', `${figureText(plan.timeToFirstToken)}, for a prompt of 512 tokens`],
    ...(plan.users > 1
      ? [['Throughput', `${figureText(plan.throughput)}, ${plan.users} users together`] as const]
      : []),
    ['Quality', figureText(quality)],
    ['Agreement', `${figureText(agreement)} of next tokens as the original`],
  ]
  return lines.map(([name, text]) => `${style.dim(name.padEnd(12))} ${text}\n`).join('')
}

function ladderText(cell: LadderCell, style: Style): TableCell {
  const gibibytes = formatNumber(bytesToGibibytes(cell.fit === 'no' ? cell.missingBytes : cell.totalBytes))
  switch (cell.fit) {
    case 'fits':
      return { text: gibibytes, paint: style.good }
    case 'tight':
      return { text: `${gibibytes} tight`, paint: style.warn }
    case 'no':
      return { text: `lacks ${gibibytes}`, paint: style.dim }
  }
}

function ladderTable({ ladder, described: { plan } }: PlanView, style: Style): string {
  const quantizations = [...new Set(ladder.map(({ quantization }) => quantization))]
  const rows = quantizations.map(
    (name) => [name, ladder.filter((cell) => cell.quantization === name)] as const,
  )
  const contexts = [...new Set(ladder.map(({ contextTokens }) => contextTokens))]
  const table = formatTable(
    {
      columns: [
        { title: '  Quantization' },
        { title: 'File', align: 'right' },
        ...contexts.map((tokens) => ({
          title: formatContext(tokens),
          align: 'right' as const,
          optional: tokens !== plan.contextTokens,
        })),
      ],
      rows: rows.map(([quantization, cells]) => [
        quantization === plan.quantizationId
          ? { text: `> ${quantization}`, paint: style.bold }
          : `  ${quantization}`,
        formatFileSize(cells[0]?.fileBytes ?? 0),
        ...cells.map((cell) => ladderText(cell, style)),
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
  return `What else fits: memory in GiB by quantization and context, estimated\n${table}`
}

function headline({ plan, model }: Recommendation, style: Style): string {
  const users = `${formatCount(plan.users)} ${plan.users === 1 ? 'user' : 'users'}`
  const asked = `${plan.quantizationId}, ${formatContext(plan.contextTokens)} context, ${users}, KV cache ${plan.kvType}, ${plan.engine}`
  const missing = plan.fit === 'no' ? `, ${formatMemory(plan.missingBytes)} too much` : ''
  const fit = fitCell(plan.fit, style)
  const verdict = `${fit.text}${missing}`
  return [
    `${style.bold(plainText(model.name))}  ${asked}, license ${plainText(model.license)}\n`,
    `${fit.paint === undefined ? verdict : fit.paint(verdict)}: ${memoryWords(plan)}; `,
    `${plan.fit === 'no' ? 'would run on' : 'runs on'} ${placementText(plan.placement)} (${plan.placement.backend}); file ${formatFileSizeOf(plan)}\n`,
  ].join('')
}

/** Files are told in GB, memory in GiB; the mark of the basis stays. */
function formatFileSizeOf({ fileBytes }: PlanEvaluation): string {
  return figureValueText(fileBytes).replace(formatMemory(fileBytes.value), formatFileSize(fileBytes.value))
}

/** `plan` for a terminal. */
export function planText(
  view: PlanView,
  options: { readonly style: Style; readonly explain: boolean },
): string {
  const { style } = options
  const { described } = view
  const { plan, reasons, improvements } = described
  const figures = planFigures(described).map(([name, figure]) => `  ${explainFigure(name, figure)}\n`)
  return [
    `${style.dim('Machine')}  ${plainText(describeMachine(view.machine))}\n`,
    headline(described, style),
    `${memoryTable(plan, style)}${simulationLine(view.simulation)}${style.dim(MARK_KEY)}\n`,
    speedLines(described, style),
    bullets([...reasons, ...improvements, ...plan.notes]),
    ...(options.explain ? [`Where these figures come from\n${figures.join('')}`] : []),
    ladderTable(view, style),
  ].join('\n')
}
