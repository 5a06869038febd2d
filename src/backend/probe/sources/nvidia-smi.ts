import {
  normalPciAddress,
  numberOf,
  type Parsed,
  type Parser,
  type RawEntry,
  type Sighting,
  sighting,
} from '#backend/probe/sighting.ts'
import { parseNvidiaList, parseNvidiaLog } from '#backend/probe/sources/nvidia-listing.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

const SOURCE = 'nvidia-smi'

/** Widest query first; older drivers refuse unknown columns, so each retry asks for less. */
export const NVIDIA_SMI_QUERIES: readonly string[] = [
  'index,pci.bus_id,pci.device_id,name,memory.total,memory.free,compute_cap,driver_version,mig.mode.current',
  'index,pci.bus_id,pci.device_id,name,memory.total,memory.free,driver_version',
  'index,pci.bus_id,name,memory.total,memory.free,driver_version',
]

/** What the error lines of nvidia-smi mean for a person, null when the text is no error. */
export function nvidiaErrorOf(text: string): string | null {
  if (/driver\/library version mismatch/i.test(text))
    return 'NVIDIA driver and library versions differ (an update is half done): reboot'
  if (/couldn'?t communicate with the nvidia driver/i.test(text))
    return 'The NVIDIA driver is not loaded: install it, or load it with "modprobe nvidia", then scan again'
  if (/failed to initialize nvml|unable to determine the device handle|gpu is lost/i.test(text))
    return 'The NVIDIA driver does not answer: reboot, and reinstall the driver if that does not help'
  if (/no devices were found/i.test(text)) return 'The NVIDIA driver runs but finds no card'
  return null
}

/** `24564`, `24564 MiB`; `[N/A]`, `Not Supported` and the like are null. */
function mebibytes(text: string | undefined): number | null {
  const match = /^\s*(\d+)\s*(?:MiB)?\s*$/.exec(text ?? '')
  const value = match === null ? 0 : Number(match[1])
  return value > 0 ? mebibytesToBytes(value) : null
}

function plain(text: string | undefined): string | null {
  const value = (text ?? '').trim()
  return value === '' ||
    /^\[?(?:n\/a|not supported|unknown error|gpu is lost|err!|insufficient permissions)\]?$/i.test(value)
    ? null
    : value
}

/** A card whose driver answers only errors is there, and cannot be used. */
const NO_ANSWER = /^\[?(?:unknown error|gpu is lost|err!)\]?$/i

/** Memory that is refused rather than missing marks a device that shares the system's RAM. */
function refusesMemory(text: string | undefined): boolean {
  return /^\s*\[?(?:n\/a|not supported)\]?\s*$/i.test(text ?? '')
}

/** Columns stand apart by comma and space; a comma alone may be a decimal one. */
function cellsOf(line: string, columns: number): readonly string[] {
  const spaced = line.split(/,\s+/)
  return (spaced.length === columns ? spaced : line.split(',')).map((cell) => cell.trim())
}

/** Rows of `--query-gpu`; the columns come from the command itself. Lines of another width are refused. */
export function parseNvidiaQuery(entry: RawEntry): Parsed {
  const columns = (/--query-gpu=([\w.,]+)/.exec(entry.key)?.[1] ?? '').split(',')
  const lines = entry.text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const rows = lines.map((line) => cellsOf(line, columns.length))
  const fitting = rows.filter((row) => row.length === columns.length)
  const sightings = fitting
    .filter((row) => !row.some((cell) => /^(?:name|memory\.total(?: \[MiB\])?)$/i.test(cell)))
    .map((row): Sighting => {
      const cell = (column: string): string | undefined => row[columns.indexOf(column)]
      const name = plain(cell('name'))
      const deviceId = /^0x([0-9a-f]{4})10de$/i.exec(cell('pci.device_id') ?? '')?.[1]
      const migParent = plain(cell('mig.mode.current')) === 'Enabled'
      const unified =
        /\(nvgpu\)/i.test(name ?? '') ||
        plain(cell('addressing_mode')) === 'ATS' ||
        (refusesMemory(cell('memory.total')) && !migParent)
      return sighting({
        source: SOURCE,
        origin: entry.key,
        vendor: 'NVIDIA',
        name,
        pciAddress: normalPciAddress(cell('pci.bus_id') ?? ''),
        pciId: deviceId === undefined ? null : `10de:${deviceId.toLowerCase()}`,
        memoryBytes: mebibytes(cell('memory.total')),
        freeBytes: mebibytes(cell('memory.free')),
        computeCapability: plain(cell('compute_cap')),
        driverVersion: plain(cell('driver_version')),
        unified: unified ? true : null,
        unusableReason: NO_ANSWER.test(cell('name') ?? '')
          ? 'The NVIDIA driver answers with an error for this card: reboot, and check its power and seat'
          : migParent
            ? 'split into MIG slices: only the slices can be used'
            : null,
      })
    })
  const refused = rows.length - fitting.length
  return {
    sightings,
    ...(refused > 0 && sightings.length === 0
      ? { garbled: [{ key: entry.key, detail: `${refused} lines without the expected columns` }] }
      : {}),
  }
}

interface TableDevice {
  readonly index: string
  readonly name: string
  readonly pciAddress: string | null
}

function tableHead(line: string): TableDevice | null {
  const head = /^\|\s+(\d+)\s+(.+?)\s+(?:On|Off|N\/A|WDDM|TCC|MCDM)\s*\|\s*([0-9A-F:.]+)\s/i.exec(line)
  if (head === null) return null
  return { index: head[1] ?? '', name: head[2] ?? '', pciAddress: normalPciAddress(head[3] ?? '') }
}

/** The plain table: a device line (index, name, bus id), then a line with used / total memory. */
function tableDevices(entry: RawEntry, driverVersion: string | null): ReadonlyMap<string, Sighting> {
  const devices = new Map<string, Sighting>()
  let device: TableDevice | null = null
  for (const line of entry.text.split(/\r?\n/)) {
    const head = tableHead(line)
    if (head !== null) {
      device = head
      continue
    }
    const memory = /\|\s*(?:(\d+)MiB\s*\/\s*(\d+)MiB|(Not Supported|N\/A))\s*\|/i.exec(line)
    if (device === null || memory === null) continue
    const total = memory[2] === undefined ? null : mebibytesToBytes(Number(memory[2]))
    const used = memory[1] === undefined ? null : mebibytesToBytes(Number(memory[1]))
    devices.set(
      device.index,
      sighting({
        source: SOURCE,
        origin: entry.key,
        vendor: 'NVIDIA',
        name: device.name,
        pciAddress: device.pciAddress,
        memoryBytes: total,
        usedBytes: used,
        freeBytes: total === null || used === null ? null : total - used,
        driverVersion,
        unified: total === null ? true : null,
      }),
    )
    device = null
  }
  return devices
}

/** SMs of one compute slice on A100, the card whose table prints SM counts in multiples of it. */
const SMS_PER_A100_SLICE = 14

function migProfileOf(multiprocessors: number, totalMebibytes: number): string | null {
  if (multiprocessors % SMS_PER_A100_SLICE !== 0) return null
  return `${multiprocessors / SMS_PER_A100_SLICE}g.${Math.round(totalMebibytes / 1024)}gb`
}

/** The "MIG devices" block: one line per slice with used / total memory and its share of SMs. */
function migSlices(entry: RawEntry, parents: ReadonlyMap<string, Sighting> = new Map()): readonly Sighting[] {
  const line = /^\|\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\|\s*(\d+)MiB\s*\/\s*(\d+)MiB\s*\|\s*(\d+)\s/gm
  return [...entry.text.matchAll(line)].map((match) => {
    const [, gpu = '', instance = '', compute = '', , used = '0', total = '0', sms = '0'] = match
    const totalMebibytes = Number(total)
    const parent = parents.get(gpu)
    return sighting({
      source: SOURCE,
      origin: entry.key,
      vendor: 'NVIDIA',
      name: `MIG slice (${sms} SM)`,
      memoryBytes: mebibytesToBytes(totalMebibytes),
      usedBytes: mebibytesToBytes(Number(used)),
      freeBytes: mebibytesToBytes(totalMebibytes - Number(used)),
      migInstance: `${gpu}/${instance}/${compute}`,
      migProfile: migProfileOf(Number(sms), totalMebibytes),
      migParent: parent === undefined ? null : { name: parent.name ?? '', pciAddress: parent.pciAddress },
      driverVersion: parent?.driverVersion ?? null,
    })
  })
}

/** Short results people paste: `12282 MiB`, `NVIDIA GeForce RTX 5060 Ti (15.93 GB VRAM)`. */
function pastedResult(entry: RawEntry): readonly Sighting[] {
  const base = { source: SOURCE, origin: entry.key, vendor: 'NVIDIA' as const }
  const bare = /memory\.total/.test(entry.key) ? mebibytes(entry.text.trim()) : null
  if (bare !== null) return [sighting({ ...base, memoryBytes: bare })]
  const named = /^(.+?)\s*\(([\d.]+) GB VRAM\)\s*$/.exec(entry.text.trim())
  if (named === null) return []
  return [
    sighting({ ...base, name: named[1] ?? null, memoryBytes: Math.round(Number(named[2]) * 1024 ** 3) }),
  ]
}

function parsePlain(entry: RawEntry): Parsed {
  if (/^GPU \d+: .*\(UUID:/m.test(entry.text)) return { sightings: parseNvidiaList(entry) }
  if (/^\s+Product Name\s*:/m.test(entry.text)) return { sightings: parseNvidiaLog(entry) }
  const driver = /Driver Version:\s*([\d.]+)/.exec(entry.text)?.[1] ?? null
  const cards = tableDevices(entry, driver)
  const slices = migSlices(entry, cards)
  const sliced = new Set(slices.map((slice) => slice.migInstance?.split('/')[0]))
  const whole = [...cards].filter(([index]) => !sliced.has(index)).map(([, card]) => card)
  const devices = [...whole, ...slices]
  const sightings = devices.length > 0 ? devices : pastedResult(entry)
  const noise = sightings.length === 0 && entry.text.trim() !== '' && numberOf(entry.text) === null
  return { sightings, ...(noise ? { garbled: [{ key: entry.key, detail: 'no device line found' }] } : {}) }
}

/** Everything nvidia-smi printed, whichever way it was asked. */
export const parseNvidiaSmi: Parser = (entries) => {
  const sightings: Sighting[] = []
  const garbled: { key: string; detail: string }[] = []
  let nvidiaError: string | undefined
  for (const entry of entries) {
    if (!/nvidia-smi/i.test(entry.key) || /^which |exit code/i.test(entry.key)) continue
    const error = nvidiaErrorOf(entry.text)
    if (error !== null) {
      nvidiaError = error
      continue
    }
    const parsed = entry.key.includes('--query-gpu=') ? parseNvidiaQuery(entry) : parsePlain(entry)
    sightings.push(...(parsed.sightings ?? []))
    garbled.push(...(parsed.garbled ?? []))
  }
  // The table names slices by instance, the list by position: the table's sizes are the real ones.
  const isTableSlice = ({ migInstance }: Sighting): boolean => migInstance?.split('/').length === 3
  const kept = sightings.some(isTableSlice)
    ? sightings.filter((seen) => seen.migInstance === null || isTableSlice(seen))
    : sightings
  return { sightings: kept, garbled, ...(nvidiaError === undefined ? {} : { nvidiaError }) }
}
