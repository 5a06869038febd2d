import {
  jsonOf,
  normalPciAddress,
  numberField,
  numberOf,
  type HostReading,
  type Parsed,
  type Parser,
  type RawEntry,
  recordsOf,
  type Sighting,
  sighting,
  textField,
  vendorOfName,
} from '#backend/probe/sighting.ts'
import { isCapped } from '#backend/probe/sources/capped-size.ts'
import { dramBandwidth } from '#backend/probe/sources/dram-bandwidth.ts'
import { isVirtualAdapter, virtualAdapterWarning } from '#backend/probe/sources/virtual-adapter.ts'
import type { MachineWarning, Platform } from '#core/machine/machine.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

const SOURCE = 'systeminformation'

/**
 * systeminformation's `vram` is trusted for NVIDIA on Linux (it asks nvidia-smi) and on Windows below the 32-bit
 * cap, and for cards in a Mac; elsewhere on Linux it is the size of a PCI window, not of the memory.
 */
function vramOf(
  record: Readonly<Record<string, unknown>>,
  vendor: string,
  platform: Platform,
): number | null {
  const mebibytes = numberField(record, 'vram')
  const isCard = vendor === 'AMD' || vendor === 'NVIDIA'
  if (mebibytes === null || (platform === 'macos' && !isCard)) return null
  if (platform === 'linux' && vendor !== 'NVIDIA') return null
  const bytes = mebibytesToBytes(mebibytes)
  return mebibytes === 4095 || isCapped(bytes) ? null : bytes
}

function graphics(entry: RawEntry, platform: Platform): Parsed {
  const [answer] = recordsOf(jsonOf(entry.text))
  if (answer === undefined) return { garbled: [{ key: entry.key, detail: 'not JSON' }] }
  const sightings: Sighting[] = []
  const warnings: MachineWarning[] = []
  for (const record of recordsOf(answer['controllers'])) {
    const model = textField(record, 'model') ?? ''
    const vendor = vendorOfName(`${textField(record, 'vendor') ?? ''} ${model}`)
    if (model === '' || isVirtualAdapter(model, null) || (vendor === 'other' && platform !== 'macos')) {
      if (model !== '') warnings.push(virtualAdapterWarning(model, SOURCE))
      continue
    }
    const deviceId = /^Device ([0-9a-f]{4})$/i.exec(model)?.[1]?.toLowerCase()
    const vendorId = { NVIDIA: '10de', AMD: '1002', Intel: '8086' }[vendor as string]
    sightings.push(
      sighting({
        source: SOURCE,
        origin: entry.key,
        vendor,
        name: deviceId === undefined ? model : null,
        nameFromInventory: platform === 'linux',
        pciId: deviceId === undefined || vendorId === undefined ? null : `${vendorId}:${deviceId}`,
        pciAddress: normalPciAddress(textField(record, 'busAddress') ?? ''),
        memoryBytes: vramOf(record, vendor, platform),
      }),
    )
  }
  return { sightings, warnings }
}

function memoryLayout(entry: RawEntry): HostReading {
  const modules = recordsOf(jsonOf(entry.text)).flatMap((record) => {
    const speed = numberField(record, 'clockSpeed')
    const locator = `${textField(record, 'bank') ?? ''}`
    // A module's data width is not among its fields: a DIMM is 64 bits, a soldered chip cannot be judged.
    const isDimm = /DIMM/i.test(textField(record, 'formFactor') ?? '')
    return speed === null || !isDimm ? [] : [{ widthBits: 64, megatransfersPerSecond: speed, locator }]
  })
  return { source: SOURCE, memory: { bandwidthBytesPerSecond: dramBandwidth(modules) } }
}

function parseEntry(entry: RawEntry, platform: Platform): Parsed {
  const { key, text } = entry
  if (!key.startsWith('si.')) return {}
  const name = /^si\.(\w+)/.exec(key)?.[1]
  if (name === 'graphics') return graphics(entry, platform)
  if (/^si\.mem\(\)\.total$/.test(key))
    return { readings: [{ source: SOURCE, memory: { totalBytes: numberOf(text) } }] }
  const [record = {}] = recordsOf(jsonOf(text))
  switch (name) {
    case 'mem':
      return {
        readings: [
          {
            source: SOURCE,
            memory: { totalBytes: numberField(record, 'total'), freeBytes: numberField(record, 'available') },
          },
        ],
      }
    case 'osInfo':
      return {
        readings: [
          {
            source: SOURCE,
            os: { name: textField(record, 'distro'), version: textField(record, 'release') },
          },
        ],
      }
    case 'cpu':
      return {
        readings: [
          {
            source: SOURCE,
            cpu: {
              name:
                [textField(record, 'manufacturer'), textField(record, 'brand')].filter(Boolean).join(' ') ||
                null,
              vendor: textField(record, 'manufacturer'),
              physicalCores: numberField(record, 'physicalCores'),
              logicalCores: numberField(record, 'cores'),
              performanceCores: numberField(record, 'performanceCores'),
            },
          },
        ],
      }
    case 'memLayout':
      return { readings: [memoryLayout(entry)] }
    default:
      return {}
  }
}

/** What the systeminformation package answered, as JSON. */
export const parseSystemInformation: Parser = (entries, platform) => {
  const parsed = entries.map((entry) => parseEntry(entry, platform))
  return {
    sightings: parsed.flatMap((part) => part.sightings ?? []),
    readings: parsed.flatMap((part) => part.readings ?? []),
    warnings: parsed.flatMap((part) => part.warnings ?? []),
    garbled: parsed.flatMap((part) => part.garbled ?? []),
  }
}
