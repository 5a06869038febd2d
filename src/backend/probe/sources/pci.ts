import {
  hexId,
  normalPciAddress,
  type Parser,
  type RawEntry,
  type Sighting,
  sighting,
  vendorOfPciId,
} from '#backend/probe/sighting.ts'
import { marketingName } from '#core/machine/accelerator-name.ts'

/** Intel's integrated GPU always sits at bus 00, device 02; a discrete Arc never does. */
function isIntegratedAddress(vendorId: string, address: string | null): boolean | null {
  if (vendorId !== '8086' || address === null) return null
  return /^0000:00:02\.\d$/.test(address)
}

/** Real GPUs only: BMC chips, hypervisor displays and Microsoft's remote adapters have other vendors. */
const GPU_VENDORS = new Set(['10de', '1002', '8086', '5143', '17cb'])

/** Classes 0300 (VGA), 0302 (3D) and 0380 (display) of `lspci -nnDk`, with the kernel driver from the lines below. */
function parseLspci(entry: RawEntry): readonly Sighting[] {
  const sightings: Sighting[] = []
  for (const block of entry.text.split(/\r?\n(?=\S)/)) {
    const head =
      /^(\S+)\s+[^[]*\[(03(?:00|02|80))\]:\s*(.+?)\s*\[([0-9a-f]{4}):([0-9a-f]{4})\](?:\s*\(rev ([0-9a-f]{2})\))?/i.exec(
        block,
      )
    if (head === null) continue
    const [, address = '', , rawName = '', vendorId = '', deviceId = '', revision] = head
    if (!GPU_VENDORS.has(vendorId.toLowerCase())) continue
    const pciAddress = normalPciAddress(address)
    const name = marketingName(
      rawName.replace(/^(?:NVIDIA|Intel) Corporation\s+|^Advanced Micro Devices, Inc\. \[AMD\/ATI\]\s+/i, ''),
    )
    sightings.push(
      sighting({
        source: 'lspci',
        origin: entry.key,
        vendor: vendorOfPciId(vendorId),
        name: /^Device [0-9a-f]{4}$/i.test(name) ? null : name,
        nameFromInventory: true,
        pciAddress,
        pciId: `${vendorId}:${deviceId}`.toLowerCase(),
        revision: revision?.toLowerCase() ?? null,
        integrated: isIntegratedAddress(vendorId.toLowerCase(), pciAddress),
        kernelDriver: /Kernel driver in use:\s*(\S+)/.exec(block)?.[1] ?? null,
      }),
    )
  }
  return sightings
}

/** `/sys/bus/pci/devices/ADDR/{class,vendor,device,revision,driver}`: needs no tool and no name list. */
function parseSysfsPci(entries: readonly RawEntry[]): readonly Sighting[] {
  const files = new Map<string, Map<string, string>>()
  for (const entry of entries) {
    const match = /^\/sys\/bus\/pci\/devices\/([0-9a-f:.]+)\/(class|vendor|device|revision|driver)$/i.exec(
      entry.key,
    )
    if (match === null) continue
    const [, address = '', file = ''] = match
    const device = files.get(address) ?? new Map<string, string>()
    device.set(file, entry.text.trim())
    files.set(address, device)
  }
  const sightings: Sighting[] = []
  for (const [address, device] of files) {
    const vendorId = hexId(device.get('vendor') ?? '')
    const deviceId = hexId(device.get('device') ?? '')
    if (vendorId === null || deviceId === null || !GPU_VENDORS.has(vendorId)) continue
    if (!/^0x03(?:00|02|80)/i.test(device.get('class') ?? '')) continue
    const pciAddress = normalPciAddress(address)
    sightings.push(
      sighting({
        source: 'sysfs',
        origin: '/sys/bus/pci/devices',
        vendor: vendorOfPciId(vendorId),
        pciAddress,
        pciId: `${vendorId}:${deviceId}`,
        revision: /^0x([0-9a-f]{2})$/i.exec(device.get('revision') ?? '')?.[1]?.toLowerCase() ?? null,
        integrated: isIntegratedAddress(vendorId, pciAddress),
        kernelDriver: device.get('driver') ?? null,
      }),
    )
  }
  return sightings
}

/** `/proc/driver/nvidia/gpus/ADDR/information`: the driver knows the card although its tool is missing. */
function parseNvidiaProc(entries: readonly RawEntry[]): readonly Sighting[] {
  const version = entries.find((entry) => entry.key === '/proc/driver/nvidia/version')?.text ?? ''
  const driverVersion = /Kernel Module\s+(?:for \S+\s+)?([\d.]+)/.exec(version)?.[1] ?? null
  return entries
    .filter((entry) => /^\/proc\/driver\/nvidia\/gpus\/[^/]+\/information$/.test(entry.key))
    .map((entry) =>
      sighting({
        source: '/proc/driver/nvidia',
        origin: '/proc/driver/nvidia/gpus',
        vendor: 'NVIDIA',
        name: /^Model:\s*(.+?)\s*$/m.exec(entry.text)?.[1] ?? null,
        pciAddress: normalPciAddress(/^Bus Location:\s*(\S+)/m.exec(entry.text)?.[1] ?? ''),
        driverVersion,
        kernelDriver: 'nvidia',
      }),
    )
}

const LSPCI_LINE = /^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /im

/** The PCI inventory of Linux. */
export const parsePci: Parser = (entries) => {
  const listings = entries.filter((entry) => /^(?:\S*\/)?lspci\b/i.test(entry.key))
  return {
    sightings: [...listings.flatMap(parseLspci), ...parseSysfsPci(entries), ...parseNvidiaProc(entries)],
    garbled: listings
      .filter((entry) => entry.text.trim() !== '' && !LSPCI_LINE.test(entry.text))
      .map((entry) => ({ key: entry.key, detail: 'no PCI address found' })),
  }
}
