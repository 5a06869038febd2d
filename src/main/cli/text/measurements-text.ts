import { formatCount, formatMemory, formatSpeed } from '#core/figure/format-figure.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { Measurement, MeasuringMethod } from '#core/measure/measurement.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'
import type { MeasurementsView } from '../json/measurements-json.ts'
import { formatTable } from './format-table.ts'
import { machineSpeedLines } from './machine-speed-text.ts'
import { plainText } from './plain-text.ts'
import type { Style } from './style.ts'

const RUN_WORDS: Readonly<Record<MeasuringMethod, string>> = {
  quick: 'quick',
  full: 'full',
  real: 'own weights',
}

/** Enough to tell one from another, and for `remove`; piped, the whole id. */
const SHOWN_ID_CHARACTERS = 8

function shownId(id: string, { terminalColumns }: Style): string {
  return terminalColumns === null ? id : id.slice(0, SHOWN_ID_CHARACTERS)
}

/** "2026-11-24 10:00", UTC. */
function shownTime(measuredAt: string): string {
  return measuredAt.slice(0, 16).replace('T', ' ')
}

/** One stream at the shallowest depth, as its predictions are of. */
function decodeOf({ decode }: Measurement): string {
  const [first] = decode
    .filter(({ streams }) => streams === 1)
    .toSorted((a, b) => a.depthTokens - b.depthTokens)
  return first === undefined
    ? 'not timed'
    : `${formatSpeed(first.tokensPerSecond)} ● at ${formatCount(first.depthTokens)}`
}

function runsTable({ measurements, machine, models, compared }: MeasurementsView, style: Style): string {
  const here = machineFingerprint(machine)
  const predictions = new Map(compared.map((each) => [each.measurement.id, each]))
  const speed = (tokensPerSecond: number | null | undefined) =>
    tokensPerSecond === null || tokensPerSecond === undefined ? '' : `~${formatSpeed(tokensPerSecond)}`
  return formatTable(
    {
      columns: [
        { title: 'Id' },
        { title: 'Measured (UTC)' },
        { title: 'Model', flexible: true },
        { title: 'Quant.' },
        { title: 'Run' },
        { title: 'Decode, tok/s', align: 'right' },
        { title: 'estimated', align: 'right' },
        { title: 'calibrated', align: 'right', optional: true },
        { title: 'RAM', align: 'right', optional: true },
        { title: 'Machine', flexible: true },
      ],
      rows: measurements.runs.map((run) => [
        shownId(run.id, style),
        shownTime(run.measuredAt),
        plainText(models.find(({ id }) => id === run.plan.modelId)?.name ?? run.plan.modelId),
        plainText(run.plan.quantizationId),
        RUN_WORDS[run.method],
        { text: decodeOf(run), paint: style.bold },
        speed(predictions.get(run.id)?.predictedTokensPerSecond),
        speed(predictions.get(run.id)?.calibratedTokensPerSecond),
        run.memory === null ? '' : `${formatMemory(run.memory.residentBytes)} ●`,
        run.machine === here ? 'this one' : plainText(run.machineName),
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
}

/** "8c1f…  2026-11-25 10:00  Smoke test of Qwen3 8B Q4_K_M: passed 9 of 9, 41 tok/s ●, this machine". */
function smokeLine(smoke: SmokeRecord, here: string, style: Style): string {
  const { bench, checks, id, machine, machineName, measuredAt, passed, subject } = smoke
  const asked = checks.filter(({ outcome }) => outcome !== 'not-asked')
  const passedCount = asked.filter(({ outcome }) => outcome === 'passed').length
  const adapters = subject.adapters.map(({ fileName }) => ` + ${plainText(fileName)}`).join('')
  const about = [
    `${passed ? 'passed' : 'failed'}, ${passedCount} of ${asked.length}`,
    ...(bench === null ? [] : [`${formatSpeed(bench.decode.tokensPerSecond)} tok/s ●`]),
    machine === here ? 'this machine' : plainText(machineName),
  ]
  return `${shownId(id, style)}  ${shownTime(measuredAt)}  Smoke test of ${plainText(subject.name)}${adapters}: ${about.join(', ')}\n`
}

/** `measurements` for a terminal. */
export function measurementsText(view: MeasurementsView, style: Style): string {
  const { runs, machines, smokes } = view.measurements
  if (runs.length + machines.length + smokes.length === 0) {
    return 'Nothing has been measured yet.\nMeasure a model without downloading it: inhouse measure llama-3.1-8b --quick\n'
  }
  const here = machineFingerprint(view.machine)
  const ofMachines = machines.map((speed) => {
    const name = speed.machine === here ? 'This machine' : plainText(speed.machineName)
    return `${shownId(speed.id, style)}  ${shownTime(speed.measuredAt)}  ${name} (${speed.engine.backend}): ${machineSpeedLines(speed).join('; ')}\n`
  })
  return [
    ...(runs.length === 0
      ? []
      : [
          `${runsTable(view, style)}${style.dim('~ estimated by the formulas alone, calibrated by measurements of other models; ● measured')}\n`,
        ]),
    ...(ofMachines.length === 0 ? [] : [ofMachines.join('')]),
    ...(smokes.length === 0 ? [] : [smokes.map((smoke) => smokeLine(smoke, here, style)).join('')]),
  ].join('\n')
}
