import type { Sighting } from '#backend/probe/sighting.ts'
import { trustRank } from '#backend/probe/source-trust.ts'
import { isGenericName, isTruncatedName, partTokens } from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { acceleratorCandidates, holdsCapacity } from '#core/machine/identify-accelerator.ts'

/** All sightings of one physical device (or MIG slice), most trusted first. */
export type DeviceGroup = readonly Sighting[]

function candidatesOf(sighting: Sighting, specs: readonly AcceleratorSpec[]): readonly AcceleratorSpec[] {
  return acceleratorCandidates(sighting, specs)
}

function isAnonymous(sighting: Sighting): boolean {
  return (
    (sighting.name === null || isGenericName(sighting.name)) &&
    sighting.pciId === null &&
    sighting.gfxTarget === null
  )
}

function conflicts(left: Sighting, right: Sighting): boolean {
  if (left.origin === right.origin) return left.pciAddress === null || left.pciAddress !== right.pciAddress
  if (left.vendor !== right.vendor && left.vendor !== 'other' && right.vendor !== 'other') return true
  if (left.migInstance !== right.migInstance) return true
  if (left.pciAddress !== null && right.pciAddress !== null && left.pciAddress !== right.pciAddress)
    return true
  if (left.pciId !== null && right.pciId !== null && left.pciId !== right.pciId) return true
  return left.integrated !== null && right.integrated !== null && left.integrated !== right.integrated
}

function sameName(left: Sighting, right: Sighting): boolean {
  if (left.name === null || right.name === null) return false
  if (isTruncatedName(left.name) || isTruncatedName(right.name)) return false
  if (left.name.toLowerCase() === right.name.toLowerCase()) return true
  const tokens = partTokens(left.name).join(' ')
  return tokens !== '' && tokens === partTokens(right.name).join(' ')
}

/** How strongly two sightings are the same device: address, then PCI id, then name; 0 = not by what they say. */
function affinity(left: Sighting, right: Sighting, specs: readonly AcceleratorSpec[]): number {
  if (left.pciAddress !== null && left.pciAddress === right.pciAddress) return 4
  if (left.pciId !== null && left.pciId === right.pciId) return 3
  if (sameName(left, right)) return 2
  const own = candidatesOf(left, specs)
  const theirs = new Set(candidatesOf(right, specs))
  if (own.some((spec) => theirs.has(spec))) return 1
  return 0
}

function bestGroup(
  sighting: Sighting,
  groups: readonly Sighting[][],
  specs: readonly AcceleratorSpec[],
): Sighting[] | undefined {
  const open = groups.filter((group) => !group.some((member) => conflicts(member, sighting)))
  let best: Sighting[] | undefined
  let most = 0
  for (const group of open) {
    const strength = Math.max(...group.map((member) => affinity(member, sighting, specs)))
    if (strength > most) [best, most] = [group, strength]
  }
  if (best !== undefined) return best
  if (sighting.migInstance !== null) return undefined
  const mates = open.filter((group) => group.some((member) => isVendorMate(member, sighting)))
  const [only] = mates
  if (only === undefined) return undefined
  if (mates.length === 1) return isAnonymous(sighting) || only.every(isAnonymous) ? only : undefined
  return isAnonymous(sighting) ? groupOfSize(sighting, mates, specs) : undefined
}

/** A sighting that says only "a GPU of this vendor", or only a size, can be any device of that vendor. */
function isVendorMate(member: Sighting, sighting: Sighting): boolean {
  return member.vendor === sighting.vendor || (sighting.vendor === 'other' && isAnonymous(sighting))
}

/** Of several devices, the one that is sold with the size seen and has none yet: like cards are interchangeable. */
function groupOfSize(
  { memoryBytes }: Sighting,
  groups: readonly Sighting[][],
  specs: readonly AcceleratorSpec[],
): Sighting[] | undefined {
  if (memoryBytes === null) return undefined
  return groups.find((group) => {
    const sized = group.some((member) => member.memoryBytes !== null)
    const candidates = group.flatMap((member) => candidatesOf(member, specs))
    return !sized && candidates.some((spec) => holdsCapacity(spec, memoryBytes))
  })
}

/**
 * Puts sightings of one device together: by PCI address, then vendor:device id, then name, never by list position.
 * One source naming a model twice means two devices.
 */
export function groupSightings(
  sightings: readonly Sighting[],
  specs: readonly AcceleratorSpec[],
): readonly DeviceGroup[] {
  const strength = (sighting: Sighting): number =>
    sighting.pciAddress !== null ? 0 : sighting.pciId !== null ? 1 : isAnonymous(sighting) ? 3 : 2
  const ordered = [...sightings].sort(
    (left, right) => strength(left) - strength(right) || trustRank(left.source) - trustRank(right.source),
  )
  const groups: Sighting[][] = []
  for (const sighting of ordered) {
    const group = bestGroup(sighting, groups, specs)
    if (group === undefined) groups.push([sighting])
    else group.push(sighting)
  }
  return groups.map((group) => group.sort((left, right) => trustRank(left.source) - trustRank(right.source)))
}
