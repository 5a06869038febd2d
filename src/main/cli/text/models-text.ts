import { isKnown } from '#core/figure/figure.ts'
import { formatContext, formatCount, formatMemory, formatParameters } from '#core/figure/format-figure.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { ListedModel } from '../json/model-json.ts'
import { explainFigure } from './explain-figure.ts'
import { figureText, figureValueText, MARK_KEY } from './figure-text.ts'
import { formatTable } from './format-table.ts'
import type { TableCell, TableColumn } from './format-table.ts'
import { memoryWords } from './memory-words.ts'
import { plainText } from './plain-text.ts'
import { fitCell } from './plan-words.ts'
import { isNarrow } from './style.ts'
import type { Style } from './style.ts'

export interface ModelsView {
  readonly listed: readonly ListedModel[]
  /** Null: no machine was asked about, so no plan is shown. */
  readonly machine: Machine | null
  /** Models in the catalogue. */
  readonly total: number
}

function sizeText({ parameters }: Model, style: Style): string {
  const total = formatParameters(parameters.total)
  return parameters.active === null || isNarrow(style)
    ? total
    : `${total}, ${formatParameters(parameters.active)} active`
}

function planCells({ plan }: ListedModel, style: Style): readonly (string | TableCell)[] {
  if (plan === null) return [{ text: 'no engine runs it', paint: style.dim }, '', '', '']
  if (plan.fit === 'no') {
    const lacking = `lacks ${formatMemory(plan.missingBytes)}`
    return [{ text: lacking, paint: style.dim }, plan.quantizationId, figureValueText(plan.memory.total), '']
  }
  const { total } = plan.memory
  const sizes = isNarrow(style)
    ? [figureValueText(total), figureValueText(plan.decode)]
    : [memoryWords(plan), figureText(plan.decode)]
  return [fitCell(plan.fit, style), plan.quantizationId, ...sizes]
}

const MODEL_COLUMNS: readonly TableColumn[] = [
  { title: 'Model' },
  { title: 'Developer', flexible: true, optional: true },
  { title: 'Parameters ▫', align: 'right' },
  { title: 'Context ▫', align: 'right', optional: true },
  { title: 'Quality', align: 'right' },
  { title: 'License', flexible: true, optional: true },
  { title: 'Released', optional: true },
]

const PLAN_COLUMNS: readonly TableColumn[] = [
  { title: 'Fit' },
  { title: 'Quant.' },
  { title: 'Memory', align: 'right' },
  { title: 'Decode', align: 'right' },
]

function modelCells({ model, quality }: ListedModel, style: Style): readonly (string | TableCell)[] {
  return [
    { text: `${plainText(model.name)}${model.origin === 'user' ? ' (yours)' : ''}`, paint: style.bold },
    plainText(model.developer),
    sizeText(model, style),
    formatContext(model.architecture.contextTokens),
    isNarrow(style) || !isKnown(quality) ? figureValueText(quality) : figureText(quality),
    plainText(model.license),
    plainText(model.released),
  ]
}

function explanation({ model, quality, plan }: ListedModel): string {
  const figures =
    plan === null ? [] : [explainFigure('memory', plan.memory.total), explainFigure('decode', plan.decode)]
  const facts = `facts: published · as of ${model.asOf} · source: ${model.sources.join(', ')}`
  const note = model.note === null ? [] : [`note: ${model.note}`]
  const lines = [...[facts, ...note].map(plainText), explainFigure('quality', quality), ...figures]
  return `${plainText(model.name)}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

/** `models` for a terminal. */
export function modelsText(
  view: ModelsView,
  options: { readonly style: Style; readonly explain: boolean },
): string {
  const { style } = options
  const { listed, machine } = view
  const heading =
    machine === null ? '' : `${style.dim('Machine')}  ${plainText(describeMachine(machine))}\n\n`
  const count = `${formatCount(listed.length)} of ${formatCount(view.total)} models`
  if (listed.length === 0) return `${heading}${count}\n`
  const table = formatTable(
    {
      columns: machine === null ? MODEL_COLUMNS : [...MODEL_COLUMNS, ...PLAN_COLUMNS],
      rows: listed.map((entry) => [
        ...modelCells(entry, style),
        ...(machine === null ? [] : planCells(entry, style)),
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
  const sources = options.explain
    ? `\nWhere these figures come from\n${listed.map(explanation).join('')}`
    : ''
  return `${heading}${table}${style.dim(`${count}. ${MARK_KEY}`)}\n${sources}`
}
