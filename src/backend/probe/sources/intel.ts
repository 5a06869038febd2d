import { normalPciAddress, numberOf, type Parser, type Sighting, sighting } from '#backend/probe/sighting.ts'

/** xe prints one size per tile, i915 one per card; a GPU with neither is integrated. Hexadecimal or decimal. */
export const parseIntel: Parser = (entries) => {
  const bytesByAddress = new Map<string, number>()
  for (const entry of entries) {
    const match =
      /^\/sys\/bus\/pci\/devices\/([0-9a-f:.]+)\/(?:tile\d+\/physical_vram_size_bytes|drm\/card\d+\/lmem_total_bytes)$/i.exec(
        entry.key,
      )
    const bytes = numberOf(entry.text)
    const address = match === null ? null : normalPciAddress(match[1] ?? '')
    if (address === null || bytes === null) continue
    bytesByAddress.set(address, (bytesByAddress.get(address) ?? 0) + bytes)
  }
  const sightings: Sighting[] = [...bytesByAddress].map(([pciAddress, memoryBytes]) =>
    sighting({
      source: 'xe/i915 sysfs',
      origin: '/sys/bus/pci/devices',
      vendor: 'Intel',
      pciAddress,
      memoryBytes,
      integrated: false,
    }),
  )
  const [kernelLog] = entries.filter((entry) => /^dmesg\b/.test(entry.key))
  const logged = numberOf(/Total VRAM:\s*(0x[0-9a-f]+)/i.exec(kernelLog?.text ?? '')?.[1])
  if (logged !== null)
    sightings.push(
      sighting({ source: 'dmesg', origin: 'dmesg', vendor: 'Intel', memoryBytes: logged, integrated: false }),
    )
  return { sightings }
}
