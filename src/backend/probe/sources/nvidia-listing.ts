import { normalPciAddress, type RawEntry, type Sighting, sighting } from '#backend/probe/sighting.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const SOURCE = 'nvidia-smi'

/** Memory a MIG profile's name states (`2g.10gb`): at most a few hundred MiB above what the slice reports. */
function profileBytes(profile: string): number | null {
  const gibibytes = /^\dg\.(\d+)gb/i.exec(profile)?.[1]
  return gibibytes === undefined ? null : gibibytesToBytes(Number(gibibytes))
}

/** `nvidia-smi -L`: `GPU 0: NVIDIA H100 80GB HBM3 (UUID: …)`, slices indented below their card. */
export function parseNvidiaList(entry: RawEntry): readonly Sighting[] {
  const sightings: Sighting[] = []
  let card: { readonly index: string; readonly name: string } | null = null
  for (const line of entry.text.split('\n')) {
    const head = /^GPU (\d+): (.+?)\s*\(UUID:/.exec(line)
    if (head !== null) {
      card = { index: head[1] ?? '', name: head[2] ?? '' }
      sightings.push(sighting({ source: SOURCE, origin: entry.key, vendor: 'NVIDIA', name: card.name }))
      continue
    }
    const slice = /^\s+MIG (\S+)\s+Device\s+(\d+):/.exec(line)
    if (slice === null || card === null) continue
    const [, profile = '', device = ''] = slice
    sightings.push(
      sighting({
        source: SOURCE,
        origin: entry.key,
        vendor: 'NVIDIA',
        name: `${card.name} MIG ${profile}`,
        memoryBytes: profileBytes(profile),
        migProfile: profile,
        migInstance: `${card.index}/${device}`,
        migParent: { name: card.name, pciAddress: null },
      }),
    )
  }
  const sliced = new Set(sightings.flatMap((seen) => seen.migParent?.name ?? []))
  return sightings.filter((seen) => seen.migInstance !== null || !sliced.has(seen.name ?? ''))
}

/** `nvidia-smi -q`: one block per card with `label : value` lines, memory under "FB Memory Usage". */
export function parseNvidiaLog(entry: RawEntry): readonly Sighting[] {
  const driverVersion = /^Driver Version\s*:\s*(\S+)/m.exec(entry.text)?.[1] ?? null
  return entry.text
    .split(/^(?=GPU [0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)/im)
    .slice(1)
    .map((block) => {
      const field = (label: string): string | null =>
        new RegExp(`^\\s+${label}\\s*:\\s*(.+?)\\s*$`, 'm').exec(block)?.[1] ?? null
      const memory = /FB Memory Usage\s*\n((?:\s+(?:Total|Reserved|Used|Free)\s*:.*\n?)+)/.exec(block)?.[1]
      const bytes = (label: string): number | null => {
        const size = new RegExp(`${label}\\s*:\\s*(\\d+) MiB`).exec(memory ?? '')?.[1]
        return size === undefined ? null : mebibytesToBytes(Number(size))
      }
      const refused = /Total\s*:\s*(?:N\/A|Not Supported)/i.test(memory ?? '')
      return sighting({
        source: SOURCE,
        origin: entry.key,
        vendor: 'NVIDIA',
        name: field('Product Name'),
        pciAddress: normalPciAddress(block.slice(0, block.indexOf('\n'))),
        memoryBytes: bytes('Total'),
        freeBytes: bytes('Free'),
        driverVersion,
        unified: refused || /\(nvgpu\)/.test(field('Product Name') ?? '') ? true : null,
      })
    })
}
