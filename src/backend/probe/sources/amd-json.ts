import {
  hexId,
  jsonOf,
  normalPciAddress,
  numberField,
  type RawEntry,
  recordsOf,
  type Sighting,
  sighting,
  textField,
} from '#backend/probe/sighting.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

type Json = Readonly<Record<string, unknown>>

/** The JSON of an answer; warnings that rocm-smi prints above it are skipped. */
function answerOf(text: string): unknown {
  const start = text.search(/^\s*[[{]/m)
  return start < 0 ? undefined : jsonOf(text.slice(start))
}

function amdId(text: string | null): string | null {
  const id = hexId(text ?? '')
  return id === null ? null : `1002:${id}`
}

function known(text: string | null): string | null {
  return text === null || /^n\/a$/i.test(text) ? null : text
}

/** `rocm-smi … --json`: `{"card0": {"VRAM Total Memory (B)": "…", "Card Series": "…"}}`; calls are joined by card. */
export function parseRocmSmiJson(entries: readonly RawEntry[]): readonly Sighting[] {
  const cards = new Map<string, Json>()
  for (const entry of entries) {
    const [answer] = recordsOf(answerOf(entry.text))
    for (const [card, fields] of Object.entries(answer ?? {})) {
      const [record] = recordsOf(fields)
      if (/^card\d+$/.test(card) && record !== undefined) cards.set(card, { ...cards.get(card), ...record })
    }
  }
  return [...cards.values()].map((card) => {
    const total = numberField(card, 'VRAM Total Memory (B)')
    const used = numberField(card, 'VRAM Total Used Memory (B)')
    const gfx = textField(card, 'GFX Version')
    return sighting({
      source: 'rocm-smi',
      origin: 'rocm-smi',
      vendor: 'AMD',
      name: known(textField(card, 'Card Series') ?? textField(card, 'Card series')),
      pciId: amdId(
        textField(card, 'Card Model') ?? textField(card, 'Card model') ?? textField(card, 'Device ID'),
      ),
      pciAddress: normalPciAddress(textField(card, 'PCI Bus') ?? ''),
      memoryBytes: total,
      usedBytes: used,
      freeBytes: total === null || used === null ? null : total - used,
      gfxTarget: gfx !== null && /^gfx[0-9a-f]+$/.test(gfx) ? gfx : null,
    })
  })
}

/** amd-smi's "MB" are mebibytes: 196592 MB are the 192 GiB of an MI300X less firmware. */
function sizeOf(record: Json | undefined): number | null {
  const [size] = recordsOf(record?.['size'])
  const value = size === undefined ? numberField(record ?? {}, 'size') : numberField(size, 'value')
  return value === null ? null : mebibytesToBytes(value)
}

/** `amd-smi static --json`: one record per GPU with `asic`, `bus` and `vram`. */
export function parseAmdSmiJson(entry: RawEntry): readonly Sighting[] {
  const answer = answerOf(entry.text)
  const [wrapper] = Array.isArray(answer) ? [] : recordsOf(answer)
  return recordsOf(wrapper?.['gpu_data'] ?? answer).flatMap((gpu) => {
    const [asic] = recordsOf(gpu['asic'])
    const [bus] = recordsOf(gpu['bus'])
    const [vram] = recordsOf(gpu['vram'])
    if (asic === undefined && vram === undefined && bus === undefined) return []
    return [
      sighting({
        source: 'rocm-smi',
        origin: entry.key,
        vendor: 'AMD',
        name: asic === undefined ? null : known(textField(asic, 'market_name')),
        pciId: asic === undefined ? null : amdId(textField(asic, 'device_id')),
        pciAddress: normalPciAddress((bus === undefined ? null : textField(bus, 'bdf')) ?? ''),
        memoryBytes: sizeOf(vram),
      }),
    ]
  })
}
