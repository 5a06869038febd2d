import type { Needs } from '#core/advise/needs.ts'
import type { Advice, PickRole, Recommendation } from '#core/advise/recommendation.ts'
import { formatContext, formatCount } from '#core/figure/format-figure.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { explainFigure } from './explain-figure.ts'
import { figureText, figureValueText, MARK_KEY } from './figure-text.ts'
import { formatTable } from './format-table.ts'
import type { TableCell } from './format-table.ts'
import { memoryWords } from './memory-words.ts'
import { bullets, TEXT_COLUMNS } from './paragraphs.ts'
import { plainText } from './plain-text.ts'
import { planFigures } from './plan-figures.ts'
import { fitCell, placementText } from './plan-words.ts'
import { isNarrow } from './style.ts'
import type { Style } from './style.ts'
import { wrapText } from './text-width.ts'

const ROLE_NAMES: Readonly<Record<PickRole, string>> = {
  'best-quality': 'quality',
  'best-balance': 'balance',
  fastest: 'speed',
}

/** What a user waits for: an embedding model reads and writes nothing. */
function speedColumn({ useCase }: Needs): {
  readonly title: string
  readonly of: (plan: PlanEvaluation) => MaybeFigure
} {
  return useCase === 'embedding'
    ? { title: 'Reads', of: (plan) => plan.prefill }
    : { title: 'Decode', of: (plan) => plan.decode }
}

interface RowContext {
  readonly needs: Needs
  readonly style: Style
}

function pickRow(
  recommendation: Recommendation,
  index: number,
  { needs, style }: RowContext,
): readonly (string | TableCell)[] {
  const { plan, model, roles, quality } = recommendation
  const narrow = isNarrow(style)
  const spoken = (figure: MaybeFigure): string =>
    narrow || !isKnown(figure) ? figureValueText(figure) : figureText(figure)
  return [
    `${index + 1} ${roles.map((role) => ROLE_NAMES[role]).join(', ')}`.trimEnd(),
    { text: plainText(model.name), paint: style.bold },
    plan.quantizationId,
    narrow ? figureValueText(plan.memory.total) : memoryWords(plan),
    fitCell(plan.fit, style),
    spoken(speedColumn(needs).of(plan)),
    spoken(quality),
    placementText(plan.placement),
    plainText(model.license),
  ]
}

function picksTable({ needs, recommendations }: Advice, style: Style): string {
  return formatTable(
    {
      columns: [
        { title: '# best for' },
        { title: 'Model', flexible: true },
        { title: 'Quant.' },
        { title: 'Memory', align: 'right' },
        { title: 'Fit' },
        { title: speedColumn(needs).title, align: 'right' },
        { title: 'Quality', align: 'right' },
        { title: 'Runs on', flexible: true, optional: true },
        { title: 'License', flexible: true, optional: true },
      ],
      rows: recommendations.map((each, index) => pickRow(each, index, { needs, style })),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
}

function reasonsText(advice: Advice, style: Style): string {
  return advice.recommendations
    .map(({ model, plan, reasons, improvements }) => {
      const title = style.bold(`${plainText(model.name)} ${plan.quantizationId}`)
      return `${title}\n${bullets([...reasons, ...improvements, ...plan.notes])}`
    })
    .join('')
}

function explanation(advice: Advice, style: Style): string {
  const parts = advice.recommendations.map(({ model, plan, quality, agreement }) => {
    const title = style.bold(`${plainText(model.name)} ${plan.quantizationId}`)
    const lines = planFigures({ plan, quality, agreement }).map(
      ([name, figure]) => `  ${explainFigure(name, figure)}\n`,
    )
    return `${title}\n${lines.join('')}`
  })
  return `Where these figures come from\n${parts.join('')}`
}

function consideredText(advice: Advice): string {
  const counts = Object.entries(advice.rejected).map(
    ([why, count]) => `${formatCount(count)} ${why.replaceAll('-', ' ')}`,
  )
  const looked = `${formatCount(advice.considered)} plans looked at`
  return counts.length === 0 ? `${looked}.\n` : `${looked}; models not recommended: ${counts.join(', ')}.\n`
}

function planCommand({ model, plan }: Recommendation): string {
  return `inhouse plan ${model.id} --quant ${plan.quantizationId}`
}

function nextText(advice: Advice): string {
  const [first] = advice.recommendations
  const steps: readonly (readonly [string, string])[] = [
    first === undefined
      ? ['inhouse models', 'every model of the catalogue']
      : [planCommand(first), 'where every byte of it goes'],
    ['inhouse recommend --help', 'other needs, or another machine ("as if")'],
    ['inhouse ui', 'the same in a browser'],
  ]
  const width = Math.max(...steps.map(([command]) => command.length))
  return `Next\n${steps.map(([command, what]) => `  ${plainText(command).padEnd(width)}   ${what}\n`).join('')}`
}

function askedText({ needs }: Advice): string {
  const users = `${formatCount(needs.users)} ${needs.users === 1 ? 'user' : 'users'}`
  return `${needs.useCase}, ${formatContext(needs.contextTokens)} context, ${users}, ${needs.license} license`
}

/**
 * The verdict for a terminal: the machine in one line, the answer, the picks, why, what would change it and where to go
 * next. `npm start` and `inhouse recommend` print this same text.
 */
export function recommendText(
  advice: Advice,
  options: { readonly style: Style; readonly explain: boolean },
): string {
  const { style } = options
  const hasPicks = advice.recommendations.length > 0
  const verdict = wrapText(plainText(advice.verdict), TEXT_COLUMNS).map((line) => `${style.bold(line)}\n`)
  const sections = [
    `${style.dim('Machine')}  ${plainText(describeMachine(advice.machine))}\n${style.dim('Asked')}    ${askedText(advice)}\n`,
    verdict.join(''),
    ...(hasPicks ? [`${picksTable(advice, style)}${style.dim(MARK_KEY)}\n`, reasonsText(advice, style)] : []),
    ...(hasPicks && options.explain ? [explanation(advice, style)] : []),
    ...(advice.wouldChange.length === 0
      ? []
      : [`What would change this answer\n${bullets(advice.wouldChange.map(({ text }) => text))}`]),
    style.dim(consideredText(advice)),
    nextText(advice),
  ]
  return sections.join('\n')
}
