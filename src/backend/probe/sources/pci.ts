import {
  hexId,
  normalPciAddress,
  type Parser,
  type RawEntry,
  type Sighting,
  sighting,
  vendorOfName,
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

/** Without ids (`lspci` alone) the vendor's words stand for the vendor. */
const VENDOR_WORDS: Readonly<Record<string, string>> = { NVIDIA: '10de', AMD: '1002', Intel: '8086' }

interface ListedDevice {
  readonly address: string
  readonly rawName: string
  readonly vendorId: string
  readonly deviceId: string | null
  readonly revision: string | null
}

function listedDevice(block: string): ListedDevice | null {
  const numbered =
    /^(\S+)\s+[^[]*\[(?:03(?:00|02|80))\]:\s*(.+?)\s*\[([0-9a-f]{4}):([0-9a-f]{4})\](?:\s*\(rev ([0-9a-f]{2})\))?/i.exec(
      block,
    )
  if (numbered !== null) {
    const [, address = '', rawName = '', vendorId = '', deviceId = '', revision] = numbered
    return {
      address,
      rawName,
      vendorId: vendorId.toLowerCase(),
      deviceId: deviceId.toLowerCase(),
      revision: revision?.toLowerCase() ?? null,
    }
  }
  const worded =
    /^(\S+)\s+(?:VGA compatible|3D|Display) controller:\s*(.+?)(?:\s*\(rev ([0-9a-f]{2})\))?(?:\s*\(prog-if .*)?\s*$/im.exec(
      block,
    )
  if (worded === null) return null
  const [, address = '', rawName = '', revision] = worded
  const vendorId = VENDOR_WORDS[vendorOfName(rawName)] ?? ''
  return { address, rawName, vendorId, deviceId: null, revision: revision?.toLowerCase() ?? null }
}

/** Classes 0300 (VGA), 0302 (3D) and 0380 (display) of `lspci -nnDk`, with the kernel driver from the lines below. */
function parseLspci(entry: RawEntry): readonly Sighting[] {
  const sightings: Sighting[] = []
  for (const block of entry.text.split(/\r?\n(?=\S)/)) {
    const device = listedDevice(block)
    if (device === null || !GPU_VENDORS.has(device.vendorId)) continue
    const { address, rawName, vendorId, deviceId, revision } = device
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
        pciId: deviceId === null ? null : `${vendorId}:${deviceId}`,
        revision,
        integrated: isIntegratedAddress(vendorId, pciAddress),
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

/** `/sys/class/drm/cardN/device/{vendor,device,revision,uevent}` of cards whose driver has no memory files. */
export function parseDrmCards(entries: readonly RawEntry[]): readonly Sighting[] {
  const cards = new Map<string, Map<string, string>>()
  for (const entry of entries) {
    const match = /^\/sys\/class\/drm\/(card\d+)\/device\/(\w+)$/.exec(entry.key)
    if (match === null) continue
    const [, card = '', file = ''] = match
    cards.set(card, (cards.get(card) ?? new Map<string, string>()).set(file, entry.text.trim()))
  }
  return [...cards.values()].flatMap((files) => {
    const vendorId = hexId(files.get('vendor') ?? '')
    const deviceId = hexId(files.get('device') ?? '')
    const isRead = files.has('mem_info_vram_total') || files.has('mem_info_gtt_total')
    if (isRead || vendorId === null || deviceId === null || !GPU_VENDORS.has(vendorId)) return []
    const pciAddress = normalPciAddress(/PCI_SLOT_NAME=(\S+)/.exec(files.get('uevent') ?? '')?.[1] ?? '')
    return [
      sighting({
        source: 'sysfs',
        origin: '/sys/class/drm',
        vendor: vendorOfPciId(vendorId),
        pciAddress,
        pciId: `${vendorId}:${deviceId}`,
        revision: /^0x([0-9a-f]{2})$/i.exec(files.get('revision') ?? '')?.[1]?.toLowerCase() ?? null,
        integrated: isIntegratedAddress(vendorId, pciAddress),
      }),
    ]
  })
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
    sightings: [
      ...listings.flatMap(parseLspci),
      ...parseSysfsPci(entries),
      ...parseDrmCards(entries),
      ...parseNvidiaProc(entries),
    ],
    garbled: listings
      .filter((entry) => entry.text.trim() !== '' && !LSPCI_LINE.test(entry.text))
      .map((entry) => ({ key: entry.key, detail: 'no PCI address found' })),
  }
}
