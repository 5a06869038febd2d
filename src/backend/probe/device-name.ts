import type { DeviceGroup } from '#backend/probe/group-sightings.ts'
import { firstSaid, vendorOf } from '#backend/probe/group-facts.ts'
import { isGenericName, isTruncatedName } from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'

/** What all names start with, cut before a number they do not share: `AMD Radeon RX 7900` of XT, XTX and 7900M. */
function commonStart(names: readonly string[]): string {
  const [first = ''] = names
  let length = 0
  while (length < first.length && names.every((name) => name[length] === first[length])) length += 1
  const start = first.slice(0, length)
  const splitsNumber = names.some((name) => /\d$/.test(start) && /^\d/.test(name.slice(length)))
  return (splitsNumber ? start.replace(/\d+$/, '') : start).trim()
}

/** A name for a device that can be several records: their common product, "A or B", or what the names share. */
function nameOfCandidates(candidates: readonly AcceleratorSpec[], pciId: string | null): string | null {
  const names = candidates.map((spec) => spec.name)
  const products = [...new Set(names.map((name) => name.replace(/ \(.*\)$/, '')))]
  if (names.length === 0) return null
  if (products.length === 1) return products[0] ?? null
  if (names.length === 2) return names.join(' or ')
  return `${commonStart(names)} series${pciId === null ? '' : ` (${pciId})`}`
}

const INTEGRATED_NAME: Readonly<Record<string, string>> = {
  AMD: 'AMD integrated GPU',
  Intel: 'Intel integrated GPU',
}

/** The driver's name of the card; else the table's; else what a hardware list or the candidates share. */
export function deviceName(
  group: DeviceGroup,
  candidates: readonly AcceleratorSpec[],
  integrated: boolean,
): string {
  const telling = group.filter(({ name }) => name !== null && !isGenericName(name) && !isTruncatedName(name))
  const fromDriver = telling.find((sighting) => !sighting.nameFromInventory)?.name
  if (fromDriver !== undefined && fromDriver !== null) return fromDriver
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return only.name
  const vendor = vendorOf(group)
  const inventory = telling[0]?.name
  if (inventory !== undefined && inventory !== null)
    return inventory.toLowerCase().startsWith(vendor.toLowerCase()) ? inventory : `${vendor} ${inventory}`
  const said = firstSaid(group, 'name')
  const hasId = firstSaid(group, 'pciId') !== null || firstSaid(group, 'gfxTarget') !== null
  const shared = said !== null && !hasId ? null : nameOfCandidates(candidates, firstSaid(group, 'pciId'))
  const fallback = vendor === 'other' ? 'GPU' : `${vendor} GPU`
  const whole = said?.replace(/\s*(?:\.\.\.|…)\s*$/, '')
  return shared ?? whole ?? (integrated ? (INTEGRATED_NAME[vendor] ?? fallback) : fallback)
}
