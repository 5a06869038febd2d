import { jsonOf, numberOf, type RawEntry, recordsOf, textField } from '#backend/probe/sighting.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

/** What `system_profiler SPHardwareDataType` says, as JSON or as text. */
export interface MacHardware {
  readonly chip: string | null
  readonly totalBytes: number | null
  readonly cores: number | null
  readonly performanceCores: number | null
}

function memoryBytes(text: string | null): number | null {
  const gibibytes = /^(\d+)\s*GB$/i.exec(text ?? '')?.[1]
  return gibibytes === undefined ? null : gibibytesToBytes(Number(gibibytes))
}

/** `proc 16:12:4` in JSON, `16 (12 performance and 4 efficiency)` in text. */
function coreCounts(text: string | null): readonly (number | null)[] {
  return [...(text ?? '').matchAll(/\d+/g)].slice(0, 2).map((match) => numberOf(match[0]))
}

/** Chip, RAM and cores of a Mac as its hardware overview names them. */
export function macHardware(entries: readonly RawEntry[]): MacHardware | null {
  const entry = entries.find(({ key }) => /system_profiler/.test(key) && /SPHardware/.test(key))
  if (entry === undefined) return null
  const [record] = recordsOf(recordsOf(jsonOf(entry.text))[0]?.['SPHardwareDataType'])
  const field = (json: string, label: string): string | null =>
    record === undefined
      ? (new RegExp(`^\\s*${label}:\\s*(.+?)\\s*$`, 'm').exec(entry.text)?.[1] ?? null)
      : textField(record, json)
  const [cores = null, performanceCores = null] = coreCounts(
    field('number_processors', 'Total Number of Cores'),
  )
  return {
    chip: field('chip_type', '(?:Chip|Processor Name)') ?? field('cpu_type', 'Processor Name'),
    totalBytes: memoryBytes(field('physical_memory', 'Memory')),
    cores,
    performanceCores,
  }
}

/** GPUs of `system_profiler SPDisplaysDataType` in its text form, as records with the JSON form's field names. */
export function displaysOfText(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split(/^(?=\s*Chipset Model:)/m)
    .slice(1)
    .map((block) => {
      const field = (label: string): string | undefined =>
        new RegExp(`^\\s*${label}:\\s*(.+?)\\s*$`, 'm').exec(block)?.[1]
      const bus = field('Bus')
      return {
        sppci_model: field('Chipset Model'),
        sppci_cores: field('Total Number of Cores'),
        sppci_bus: bus === 'Built-In' ? 'spdisplays_builtin' : bus,
        spdisplays_vendor: field('Vendor'),
        spdisplays_vram: field('VRAM \\((?:Total|Dynamic, Max)\\)'),
      }
    })
}
