import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { bytesToGibibytes } from '#core/units/units.ts'
import { formatCount, formatMemory, formatNumber } from '#core/figure/format-figure.ts'
import { formatTable } from './format-table.ts'
import { plainText } from './plain-text.ts'
import type { Style } from './style.ts'

function memoryCell(spec: AcceleratorSpec): string {
  if (spec.memoryBytes !== null) return formatMemory(spec.memoryBytes)
  if (spec.memoryOptionsBytes.length === 0) return 'system RAM'
  return `${spec.memoryOptionsBytes.map((bytes) => formatNumber(bytesToGibibytes(bytes))).join(', ')} GiB`
}

function explanation(spec: AcceleratorSpec): string {
  const note = spec.note === null ? '' : ` · ${plainText(spec.note)}`
  return `  ${plainText(spec.name)}: published · as of ${spec.asOf} · source: ${spec.sources.map(plainText).join(', ')}${note}\n`
}

/** `accelerators` for a terminal; every figure of the table is published. */
export function acceleratorsText(
  specs: readonly AcceleratorSpec[],
  options: { readonly style: Style; readonly explain: boolean; readonly total: number },
): string {
  const { style } = options
  const count = `${formatCount(specs.length)} of ${formatCount(options.total)} accelerators\n`
  if (specs.length === 0) return count
  const table = formatTable(
    {
      columns: [
        { title: 'Accelerator' },
        { title: 'Vendor', optional: true },
        { title: 'Architecture', flexible: true, optional: true },
        { title: 'Memory ▫', align: 'right' },
        { title: 'Bandwidth ▫', align: 'right' },
        { title: 'fp16 ▫', align: 'right', optional: true },
        { title: 'Backends', flexible: true, optional: true },
        { title: 'Released', optional: true },
      ],
      rows: specs.map((spec) => [
        { text: `${plainText(spec.name)}${spec.origin === 'user' ? ' (yours)' : ''}`, paint: style.bold },
        spec.vendor,
        plainText(spec.architecture ?? 'not known'),
        memoryCell(spec),
        spec.bandwidthBytesPerSecond === null
          ? 'not known'
          : `${spec.bandwidthFromSystemRam ? 'up to ' : ''}${formatNumber(spec.bandwidthBytesPerSecond / 1e9)} GB/s`,
        spec.fp16FlopsPerSecond === null
          ? 'not known'
          : `${formatNumber(spec.fp16FlopsPerSecond / 1e12)} TFLOPS`,
        spec.backends.join(', '),
        spec.released ?? 'not known',
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
  const sources = options.explain ? `\nWhere these figures come from\n${specs.map(explanation).join('')}` : ''
  return `${table}${style.dim(`${count}▫ published; the source of each: --explain`)}\n${sources}`
}
