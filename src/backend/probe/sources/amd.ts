import { parseAmdSmiJson, parseRocmSmiJson } from '#backend/probe/sources/amd-json.ts'
import {
  hexId,
  normalPciAddress,
  numberOf,
  type Parser,
  type RawEntry,
  type Sighting,
  sighting,
} from '#backend/probe/sighting.ts'

/** Files of `/sys/class/drm/cardN/device`, by card; connectors (`card0-DP-1`) are not cards. */
function cardFiles(entries: readonly RawEntry[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const cards = new Map<string, Map<string, string>>()
  for (const entry of entries) {
    const match = /^\/sys\/class\/drm\/(card\d+)\/device\/(\w+)$/.exec(entry.key)
    if (match === null) continue
    const [, card = '', file = ''] = match
    const files = cards.get(card) ?? new Map<string, string>()
    files.set(file, entry.text.trim())
    cards.set(card, files)
  }
  return cards
}

/** amdgpu's memory files; they work without ROCm and exist for AMD only, so the vendor follows from them. */
function parseAmdgpuSysfs(entries: readonly RawEntry[]): readonly Sighting[] {
  const sightings: Sighting[] = []
  for (const files of cardFiles(entries).values()) {
    const vram = numberOf(files.get('mem_info_vram_total'))
    const gtt = numberOf(files.get('mem_info_gtt_total'))
    if (vram === null && gtt === null) continue
    const uevent = files.get('uevent') ?? ''
    const deviceId = hexId(files.get('device') ?? '')
    const vramUsed = numberOf(files.get('mem_info_vram_used'))
    const gttUsed = numberOf(files.get('mem_info_gtt_used'))
    sightings.push(
      sighting({
        source: 'amdgpu sysfs',
        origin: '/sys/class/drm',
        vendor: 'AMD',
        pciAddress: normalPciAddress(/PCI_SLOT_NAME=(\S+)/.exec(uevent)?.[1] ?? ''),
        pciId: deviceId === null ? null : `1002:${deviceId}`,
        revision: /^0x([0-9a-f]{2})$/i.exec(files.get('revision') ?? '')?.[1]?.toLowerCase() ?? null,
        memoryBytes: vram,
        sharedBytes: gtt,
        usedBytes: vramUsed === null && gttUsed === null ? null : (vramUsed ?? 0) + (gttUsed ?? 0),
        freeBytes: vram === null || vramUsed === null ? null : vram - vramUsed,
        kernelDriver: 'amdgpu',
      }),
    )
  }
  return sightings
}

/** `gfx_target_version 110501` is gfx1151: major, minor and stepping in two decimal digits each, stepping in hex. */
function gfxTargetOf(version: number): string | null {
  if (version <= 0) return null
  const major = Math.floor(version / 10_000)
  const minor = Math.floor(version / 100) % 100
  return `gfx${major}${minor.toString(16)}${(version % 100).toString(16)}`
}

/** `/sys/class/kfd/kfd/topology/nodes/N/properties`: gfx target and PCI location of what ROCm can address. */
function parseKfd(entries: readonly RawEntry[]): readonly Sighting[] {
  const sightings: Sighting[] = []
  for (const entry of entries) {
    if (!/^\/sys\/class\/kfd\/kfd\/topology\/nodes\/\d+\/properties$/.test(entry.key)) continue
    const value = (field: string): number | null =>
      numberOf(new RegExp(`^${field}\\s+(\\d+)$`, 'm').exec(entry.text)?.[1])
    const gfxTarget = gfxTargetOf(value('gfx_target_version') ?? 0)
    if (gfxTarget === null) continue
    const location = value('location_id')
    const domain = (value('domain') ?? 0).toString(16).padStart(4, '0')
    const deviceId = value('device_id')
    sightings.push(
      sighting({
        source: 'kfd',
        origin: '/sys/class/kfd',
        vendor: 'AMD',
        gfxTarget,
        pciAddress:
          location === null
            ? null
            : normalPciAddress(
                `${domain}:${(location >> 8).toString(16).padStart(2, '0')}:${((location >> 3) & 31).toString(16).padStart(2, '0')}.${location & 7}`,
              ),
        pciId: deviceId === null ? null : `1002:${deviceId.toString(16).padStart(4, '0')}`,
      }),
    )
  }
  return sightings
}

interface RocmDevice {
  total: number | null
  used: number | null
  series: string | null
  deviceId: string | null
  gfx: string | null
}

const NO_DEVICE: RocmDevice = { total: null, used: null, series: null, deviceId: null, gfx: null }

/** `GPU[0] : VRAM Total Memory (B): …` and the product-name lines, joined by GPU index. */
function parseRocmSmiLines(entries: readonly RawEntry[]): readonly Sighting[] {
  const devices = new Map<string, RocmDevice>()
  for (const entry of entries) {
    for (const match of entry.text.matchAll(/^GPU\[(\d+)\]\s*:\s*([^:]+?)\s*:\s*(.*?)\s*$/gm)) {
      const [, index = '', label = '', value = ''] = match
      const device = devices.get(index) ?? { ...NO_DEVICE }
      devices.set(index, device)
      if (label === 'VRAM Total Memory (B)') device.total = numberOf(value)
      if (label === 'VRAM Total Used Memory (B)') device.used = numberOf(value)
      if (label === 'Card Series' && !/^n\/a$/i.test(value)) device.series = value
      if (label === 'Card Model' || label === 'Device ID') device.deviceId ??= hexId(value)
      if (label === 'GFX Version') device.gfx = value
    }
  }
  return [...devices.values()].map((device) =>
    sighting({
      source: 'rocm-smi',
      origin: 'rocm-smi',
      vendor: 'AMD',
      name: device.series,
      pciId: device.deviceId === null ? null : `1002:${device.deviceId}`,
      memoryBytes: device.total,
      usedBytes: device.used,
      freeBytes: device.total === null || device.used === null ? null : device.total - device.used,
      gfxTarget: device.gfx,
    }),
  )
}

/** Rows of the plain table: `0  1  0x744c, 6768  …`; warnings and headers before it are skipped. */
function parseRocmSmiTable(entry: RawEntry): readonly Sighting[] {
  return [...entry.text.matchAll(/^\s*\d+\s+\d+\s+(0x[0-9a-f]{4}),/gim)].map((match) =>
    sighting({
      source: 'rocm-smi',
      origin: entry.key,
      vendor: 'AMD',
      pciId: `1002:${hexId(match[1] ?? '') ?? ''}`,
    }),
  )
}

/** Agents of rocminfo whose type is GPU, one device each; ISA names inside an agent are not devices. */
function parseRocminfo(entry: RawEntry): readonly Sighting[] {
  return entry.text
    .split(/^\s*Agent \d+\s*:?\s*$/m)
    .filter((agent) => /^\s*Device Type:\s*GPU\s*$/m.test(agent))
    .map((agent) => {
      const field = (label: string): string | null =>
        new RegExp(`^\\s*${label}:\\s*(.+?)\\s*$`, 'm').exec(agent)?.[1] ?? null
      const chip = /^\s*Chip ID:\s*\d+\((0x[0-9a-f]{4})\)/m.exec(agent)?.[1]
      const gfx = field('Name')
      return sighting({
        source: 'rocminfo',
        origin: entry.key,
        vendor: 'AMD',
        name: field('Marketing Name'),
        pciId: chip === undefined ? null : `1002:${hexId(chip) ?? ''}`,
        gfxTarget: gfx !== null && /^gfx[0-9a-f]+$/.test(gfx) ? gfx : null,
      })
    })
}

/** Everything AMD's driver and tools say. */
export const parseAmd: Parser = (entries) => {
  const rocmSmi = entries.filter((entry) => /^(?:\S*\/)?rocm-smi\b/i.test(entry.key))
  const known = /^GPU\[\d+\]|^\s*\d+\s+\d+\s+0x[0-9a-f]{4},|no amd gpu|low-power state|"card\d+"/im
  return {
    sightings: [
      ...parseAmdgpuSysfs(entries),
      ...parseKfd(entries),
      ...parseRocmSmiLines(rocmSmi),
      ...parseRocmSmiJson(rocmSmi),
      ...entries.filter((entry) => /^(?:\S*\/)?amd-smi\b/i.test(entry.key)).flatMap(parseAmdSmiJson),
      ...rocmSmi.flatMap(parseRocmSmiTable),
      ...entries.filter((entry) => /^(?:\S*\/)?rocminfo\b/i.test(entry.key)).flatMap(parseRocminfo),
    ],
    garbled: rocmSmi
      .filter((entry) => entry.text.trim() !== '' && !known.test(entry.text))
      .map((entry) => ({ key: entry.key, detail: 'no GPU line found' })),
  }
}
