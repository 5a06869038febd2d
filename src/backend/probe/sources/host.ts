import {
  jsonOf,
  numberField,
  type HostReading,
  type Parsed,
  type Parser,
  type RawEntry,
  recordsOf,
  sighting,
  textField,
  vendorOfName,
} from '#backend/probe/sighting.ts'
import type { Disk } from '#core/machine/machine.ts'

/** Key of what Node itself knows. */
export const NODE_KEY = 'node os'
/** Key of the free space where models live. */
export const DISKS_KEY = 'disks'

function architectureOf(name: string | null): 'x64' | 'arm64' | 'other' {
  return name === 'x64' || name === 'arm64' ? name : 'other'
}

function nodeReading(entry: RawEntry): HostReading | null {
  const [answer] = recordsOf(jsonOf(entry.text))
  if (answer === undefined) return null
  const logicalCores = numberField(answer, 'logicalCores')
  return {
    source: 'node os',
    os: { architecture: architectureOf(textField(answer, 'architecture')) },
    cpu: {
      name: textField(answer, 'cpuModel'),
      logicalCores,
      usableCores: numberField(answer, 'availableParallelism'),
    },
    memory: { totalBytes: numberField(answer, 'totalBytes'), freeBytes: numberField(answer, 'freeBytes') },
  }
}

function disksOf(entry: RawEntry): readonly Disk[] {
  return recordsOf(jsonOf(entry.text)).flatMap((record) => {
    const mount = textField(record, 'mount')
    if (mount === null) return []
    return [
      {
        mount,
        totalBytes: numberField(record, 'totalBytes'),
        freeBytes: numberField(record, 'freeBytes'),
        holdsModels: record['holdsModels'] === true,
      },
    ]
  })
}

/** A hardware page pasted as text: `RAM 31.69 GB; Intel(R) Iris(R) Xe Graphics VRAM 15.84 GB; …`. */
function pastedPage(entry: RawEntry): Parsed {
  const ram = /\bRAM ([\d.]+) GB/.exec(entry.text)?.[1]
  const readings: readonly HostReading[] =
    ram === undefined
      ? []
      : [{ source: entry.key, memory: { totalBytes: Math.round(Number(ram) * 1024 ** 3) } }]
  const names = [...entry.text.matchAll(/(?:^|;)\s*([^;]+?) VRAM [\d.]+ GB/g)].map((match) => match[1] ?? '')
  return {
    readings,
    sightings: names.map((name) =>
      sighting({ source: 'report', origin: entry.key, vendor: vendorOfName(name), name }),
    ),
  }
}

/** `AMD Ryzen 7 8845HS w/ Radeon 780M Graphics`: the CPU's name names its GPU. */
function gpuInCpuName(entry: RawEntry): Parsed {
  const name = /\bw(?:\/|ith)\s+(Radeon\s+\S*\d\S*(?:\s+Graphics)?)/i.exec(entry.text)?.[1]
  return {
    readings: [{ source: 'CPU name', cpu: { name: entry.text.trim() } }],
    sightings:
      name === undefined
        ? []
        : [
            sighting({
              source: 'CPU name',
              origin: entry.key,
              vendor: 'AMD',
              name: `AMD ${name}`,
              integrated: true,
            }),
          ],
  }
}

/** What Node, the file system and pasted reports say. */
export const parseHost: Parser = (entries) => {
  const parsed = entries.map((entry): Parsed => {
    if (entry.key === NODE_KEY) {
      const reading = nodeReading(entry)
      return reading === null ? {} : { readings: [reading] }
    }
    if (entry.key === DISKS_KEY) return { readings: [{ source: 'statfs', disks: disksOf(entry) }] }
    if (/hardware page/i.test(entry.key)) return pastedPage(entry)
    return entry.key === 'CPU' ? gpuInCpuName(entry) : {}
  })
  return {
    sightings: parsed.flatMap((part) => part.sightings ?? []),
    readings: parsed.flatMap((part) => part.readings ?? []),
  }
}
