import { disturbanceWords } from '#core/measure/disturbance.ts'
import { isKnown, type MaybeFigure } from '#core/figure/figure.ts'
import { formatContext, formatCount, formatMemory, formatNumber } from '#core/figure/format-figure.ts'
import { estimateError, estimateErrorWords } from '#core/measure/estimate-error.ts'
import { decodeFigure, throughputFigure } from '#core/measure/measured-figures.ts'
import type { EngineBuffer } from '#core/measure/measurement.ts'
import { predictedAccelerator, predictedRam } from '#core/measure/predicted-memory.ts'
import type { MeasuredOutcome } from '../json/measure-json.ts'
import { explainFigure } from './explain-figure.ts'
import { figureText, MARK_KEY } from './figure-text.ts'
import { formatTable } from './format-table.ts'
import { plainText } from './plain-text.ts'
import { placementText } from './plan-words.ts'
import type { Style } from './style.ts'

interface ComparedFigure {
  readonly name: string
  readonly estimated: MaybeFigure
  readonly calibrated: MaybeFigure | null
  readonly measured: MaybeFigure
}

/** What was said against what was found; memory only where it was measured. */
function comparedFigures({ figures, predicted, calibrated }: MeasuredOutcome): readonly ComparedFigure[] {
  const { decode, prefill, memory, decodeDepthTokens, promptTokens } = figures
  const compared: readonly ComparedFigure[] = [
    {
      name: `Decode at ${formatCount(decodeDepthTokens ?? 0)} tokens`,
      estimated: predicted.decode,
      calibrated: calibrated?.decode ?? null,
      measured: decode,
    },
    {
      name: `Prefill of ${formatCount(promptTokens ?? 0)} tokens`,
      estimated: predicted.prefill,
      calibrated: calibrated?.prefill ?? null,
      measured: prefill,
    },
    { name: 'RAM', estimated: predictedRam(predicted), calibrated: null, measured: memory.resident },
    {
      name: 'Accelerators',
      estimated: predictedAccelerator(predicted),
      calibrated: null,
      measured: memory.accelerator,
    },
  ]
  return compared.filter(({ measured }) => isKnown(measured))
}

function verdictOf({ estimated, measured }: ComparedFigure): string {
  const error = estimateError(estimated, measured)
  return error === null ? '' : estimateErrorWords(error)
}

function comparisonTable(outcome: MeasuredOutcome, style: Style): string {
  const isCalibrated = outcome.calibrated !== null
  const rows = comparedFigures(outcome).map((compared) => [
    compared.name,
    figureText(compared.estimated),
    ...(isCalibrated ? [compared.calibrated === null ? '' : figureText(compared.calibrated)] : []),
    { text: figureText(compared.measured), paint: style.bold },
    verdictOf(compared),
  ])
  return formatTable(
    {
      columns: [
        { title: '' },
        { title: 'Estimated', align: 'right' },
        ...(isCalibrated ? [{ title: 'Calibrated', align: 'right' as const, optional: true }] : []),
        { title: 'Measured', align: 'right' },
        { title: '' },
      ],
      rows,
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
}

/** "of it 0.45 GiB are pages of the file, 0.95 GiB its own, …" */
function memoryLines({ figures: { memory }, measurement }: MeasuredOutcome): string {
  if (!isKnown(memory.resident)) {
    return `Memory was not measured: ${memory.resident.reason}. Measure without --quick for it.\n`
  }
  const parts: readonly (readonly [MaybeFigure, string])[] = [
    [memory.mapped, 'pages of the model file'],
    [memory.anonymous, 'its own: repacked weights, cache, buffers'],
    [memory.baseline, 'held before the model'],
  ]
  const known = parts.flatMap(([figure, what]) => (isKnown(figure) ? [`${figureText(figure)} ${what}`] : []))
  return `In RAM  ${known.join('; ')}\n${buffersText(measurement.memory?.buffers ?? [])}`
}

function buffersText(buffers: readonly EngineBuffer[]): string {
  if (buffers.length === 0) return ''
  const words = buffers.map(
    ({ place, use, bytes }) => `${plainText(place)} ${USES[use]} ${formatMemory(bytes)}`,
  )
  return `llama.cpp allocated  ${words.join('; ')}\n`
}

const USES: Readonly<Record<EngineBuffer['use'], string>> = {
  weights: 'weights',
  kvCache: 'KV cache',
  state: 'state',
  compute: 'compute',
  output: 'output',
}

/** Several streams share one reading of the weights: what each gets, and what all get together. */
function streamsTable({ measurement }: MeasuredOutcome, style: Style): string | null {
  const together = measurement.decode.filter(({ streams }) => streams > 1)
  if (together.length === 0) return null
  return formatTable(
    {
      columns: [
        { title: 'Streams at once', align: 'right' },
        { title: 'each', align: 'right' },
        { title: 'together', align: 'right' },
      ],
      rows: together.map((speed) => [
        String(speed.streams),
        figureText(decodeFigure(speed, measurement)),
        figureText(throughputFigure(speed, measurement)),
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
}

function headline({ model, plan, measurement }: MeasuredOutcome, style: Style): string {
  const { engine, method } = measurement
  const users = `${formatCount(plan.users)} ${plan.users === 1 ? 'user' : 'users'}`
  const asked = `${plan.quantizationId}, ${formatContext(plan.contextTokens)} context, ${users}, KV cache ${plan.kvType}`
  const threads = engine.backend === 'cpu' ? `, ${engine.threads} threads` : ''
  const release = engine.release === null ? '' : ` ${plainText(engine.release)}`
  return [
    `${style.bold(plainText(model.name))}  ${asked}\n`,
    `${method === 'quick' ? 'Quick' : 'Full'} dry run on ${placementText(plan.placement)} (${engine.backend}${threads}), llama.cpp${release}\n`,
  ].join('')
}

/** `measure` for a terminal. */
export function measureText(
  outcome: MeasuredOutcome,
  options: { readonly style: Style; readonly explain: boolean },
): string {
  const { style } = options
  const { measurement } = outcome
  const streams = streamsTable(outcome, style)
  const explained = comparedFigures(outcome).flatMap(({ name, estimated, calibrated, measured }) => [
    explainFigure(`${name}, measured`, measured),
    explainFigure(`${name}, estimated`, estimated),
    ...(calibrated === null ? [] : [explainFigure(`${name}, calibrated`, calibrated)]),
  ])
  return [
    `${style.dim('Machine')}  ${plainText(measurement.machineName)}\n`,
    headline(outcome, style),
    `${comparisonTable(outcome, style)}${style.dim(MARK_KEY)}\n`,
    ...(streams === null ? [] : [streams]),
    memoryLines(outcome),
    ...(options.explain
      ? [`Where these figures come from\n${explained.map((line) => `  ${line}\n`).join('')}`]
      : []),
    `Took ${formatNumber(measurement.tookSeconds)} s; its file is removed. ${disturbanceWords(measurement) ?? 'What was measured corrects estimates of other models: inhouse measurements'}\n`,
  ].join('\n')
}
