import type { DeviceGroup } from '#backend/probe/group-sightings.ts'
import type { Sighting } from '#backend/probe/sighting.ts'
import type { Vendor } from '#core/machine/machine.ts'

/** What the most trusted source that says anything says. */
export function firstSaid<K extends keyof Sighting>(
  group: DeviceGroup,
  field: K,
): Exclude<Sighting[K], null> | null {
  for (const sighting of group) {
    const value = sighting[field]
    if (value !== null) return value as Exclude<Sighting[K], null>
  }
  return null
}

/** Vendor of the device. */
export function vendorOf(group: DeviceGroup): Vendor {
  return group.map((sighting) => sighting.vendor).find((vendor) => vendor !== 'other') ?? 'other'
}
