import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { formatFileSize, formatMemory, formatNumber } from '#core/figure/format-figure.ts'
import type { MachineSpeed } from '#core/measure/measurement.ts'
import { formatTable } from './format-table.ts'
import { machineSpeedLines } from './machine-speed-text.ts'
import { plainText } from './plain-text.ts'
import type { Style } from './style.ts'

function orUnknown<T>(value: T | null, format: (value: T) => string): string {
  return value === null ? 'not known' : format(value)
}

function cpuText({ cpu }: Machine): string {
  const cores = [
    ...(cpu.physicalCores === null ? [] : [`${cpu.physicalCores} cores`]),
    ...(cpu.performanceCores === null || cpu.performanceCores === cpu.physicalCores
      ? []
      : [`${cpu.performanceCores} of them fast`]),
    ...(cpu.logicalCores === null ? [] : [`${cpu.logicalCores} threads`]),
    ...(cpu.usableCores === null || cpu.usableCores === cpu.logicalCores
      ? []
      : [`${cpu.usableCores} usable here`]),
  ]
  return `${plainText(cpu.name ?? 'name not known')} (${cores.length === 0 ? 'cores not known' : cores.join(', ')})`
}

function memoryText({ memory }: Machine): string {
  if (memory.totalBytes === null) return 'not known'
  const limited = memory.limitBytes !== null && memory.limitBytes !== memory.totalBytes
  return [
    formatMemory(memory.totalBytes),
    `${orUnknown(memory.freeBytes, formatMemory)} free`,
    ...(limited ? [`limited to ${orUnknown(memory.limitBytes, formatMemory)}`] : []),
    memory.bandwidthBytesPerSecond === null
      ? 'speed not known'
      : `${formatNumber(memory.bandwidthBytesPerSecond / 1e9)} GB/s`,
  ].join(', ')
}

function acceleratorState(accelerator: Accelerator): string {
  if (!accelerator.usable) return `not usable: ${plainText(accelerator.unusableReason ?? 'reason not known')}`
  return [
    'usable',
    ...(accelerator.unified ? ['shares memory with the CPU'] : []),
    ...(accelerator.integrated ? ['integrated'] : []),
    ...(accelerator.asIf ? ['as if'] : []),
  ].join(', ')
}

function acceleratorTable(machine: Machine, style: Style): string {
  if (machine.accelerators.length === 0) return 'No accelerator found: models run on the CPU.\n'
  return formatTable(
    {
      columns: [
        { title: 'Accelerator', flexible: true },
        { title: 'Memory', align: 'right' },
        { title: 'Free', align: 'right' },
        { title: 'Bandwidth', align: 'right' },
        { title: 'Backends' },
        { title: 'State' },
      ],
      rows: machine.accelerators.map((accelerator) => [
        { text: plainText(accelerator.name), paint: style.bold },
        orUnknown(accelerator.memoryBytes, formatMemory),
        orUnknown(accelerator.freeBytes, formatMemory),
        orUnknown(
          accelerator.performance?.bandwidthBytesPerSecond ?? null,
          (value) => `${formatNumber(value / 1e9)} GB/s ▫`,
        ),
        accelerator.backends.join(', ') || 'none',
        { text: acceleratorState(accelerator), paint: accelerator.usable ? style.good : style.warn },
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
}

function diskLines(machine: Machine): readonly string[] {
  return machine.disks.map(
    (disk) =>
      `${plainText(disk.mount)}: ${orUnknown(disk.freeBytes, formatFileSize)} free of ${orUnknown(disk.totalBytes, formatFileSize)}${disk.holdsModels ? ', holds the models' : ''}`,
  )
}

/** What was measured, and when. */
function speedLines(speed: MachineSpeed | null): readonly string[] {
  if (speed === null) return []
  const { engine, measuredAt } = speed
  return [`measured on ${measuredAt.slice(0, 10)} (${engine.backend})`, ...machineSpeedLines(speed)]
}

/** Where each value of the machine comes from, one a line. */
export function machineSources(machine: Machine): string {
  const lines = Object.entries(machine.sources)
    .map(([path, { source, rule, others }]) => {
      const also = (others ?? []).map((other) => `${other.source} said ${other.value}`).join(', ')
      const details = [...(also === '' ? [] : [also]), ...(rule === undefined ? [] : [`rule: ${rule}`])]
      return `  ${plainText([`${path}: ${source}`, ...details].join(' · '))}\n`
    })
    .join('')
  return `Where these values come from\n${lines}`
}

/** `scan` for a terminal. */
export function machineText(
  { machine, speed }: { readonly machine: Machine; readonly speed: MachineSpeed | null },
  options: { readonly style: Style; readonly explain: boolean },
): string {
  const { style } = options
  const { os } = machine
  const facts: readonly (readonly [string, string])[] = [
    [
      'System',
      `${plainText(os.name ?? os.platform)}, ${os.architecture}${os.virtualization === null || os.virtualization === 'none' ? '' : `, ${os.virtualization}`}`,
    ],
    ['CPU', cpuText(machine)],
    ['RAM', memoryText(machine)],
    ...diskLines(machine).map((line, index) => [index === 0 ? 'Disks' : '', line] as const),
    ...speedLines(speed).map((line, index) => [index === 0 ? 'Speed' : '', line] as const),
    ['Backends', machine.backends.length === 0 ? 'none found' : machine.backends.join(', ')],
  ]
  const warnings = machine.warnings.map(
    ({ message, source }) => `  ! ${plainText(message)}${source === null ? '' : ` (${source})`}\n`,
  )
  return [
    `${style.bold(plainText(describeMachine(machine)))}\n`,
    facts.map(([name, text]) => `${style.dim(name.padEnd(9))} ${text}\n`).join(''),
    acceleratorTable(machine, style),
    ...(warnings.length === 0 ? [] : [`To know\n${warnings.map((line) => style.warn(line)).join('')}`]),
    ...(options.explain ? [machineSources(machine)] : []),
  ].join('\n')
}
