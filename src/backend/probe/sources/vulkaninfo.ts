import {
  hexId,
  numberOf,
  type Parser,
  type RawEntry,
  type Sighting,
  sighting,
  vendorOfName,
  vendorOfPciId,
} from '#backend/probe/sighting.ts'

/** Renderers that run on the CPU, and layers that show a listed card a second time. */
export const SOFTWARE_RENDERER =
  /llvmpipe|lavapipe|swiftshader|softpipe|basic render|microsoft basic|virgl|direct3d12/i

/** The iGPU of a desktop Ryzen is named after the CPU; Mesa's code name then says which chip it is. */
export function vulkanName(deviceName: string): { readonly name: string; readonly isCodeName: boolean } {
  const codeName = /\(RADV ([A-Z0-9]+)/i.exec(deviceName)?.[1]
  const isCpu = /\bprocessor\b|\bcpu\b|\d-core/i.test(deviceName)
  if (isCpu && codeName !== undefined) return { name: codeName, isCodeName: true }
  return {
    name: deviceName.replace(/\s*\((?:RADV|AMD open-source)[^)]*\)\s*$/i, '').trim(),
    isCodeName: false,
  }
}

/** Device-local heaps summed: one pool may be split over several (Strix Halo on Windows). */
function localHeapBytes(text: string): number | null {
  let bytes = 0
  for (const heap of text.split(/memoryHeaps\[\d+\]:/).slice(1)) {
    if (!/MEMORY_HEAP_DEVICE_LOCAL_BIT/.test(heap)) continue
    bytes += numberOf(/size\s*=\s*(\d+)/.exec(heap)?.[1]) ?? 0
  }
  return bytes > 0 ? bytes : null
}

function parseDevice(block: string, origin: string): Sighting | null {
  const deviceName = /^\s*deviceName\s*=\s*(.+?)\s*$/m.exec(block)?.[1]
  if (deviceName === undefined || SOFTWARE_RENDERER.test(deviceName)) return null
  const type = /^\s*deviceType\s*=\s*(?:PHYSICAL_DEVICE_TYPE_)?(\w+)/m.exec(block)?.[1]
  if (type === 'CPU' || type === 'VIRTUAL_GPU') return null
  const vendorId = hexId(/^\s*vendorID\s*=\s*(\S+)/m.exec(block)?.[1] ?? '')
  const deviceId = hexId(/^\s*deviceID\s*=\s*(\S+)/m.exec(block)?.[1] ?? '')
  const { name, isCodeName } = vulkanName(deviceName)
  const vendor = vendorId === null ? vendorOfName(deviceName) : vendorOfPciId(vendorId)
  // GPUs of small boards and phones (V3D, Mali, PowerVR): llama.cpp's Vulkan backend does not run on them.
  if (vendor === 'other') return null
  return sighting({
    source: 'vulkaninfo',
    origin,
    vendor,
    name,
    nameFromInventory: isCodeName,
    pciId: vendorId === null || deviceId === null ? null : `${vendorId}:${deviceId}`,
    memoryBytes: localHeapBytes(block),
    integrated: type === undefined ? (isCodeName ? true : null) : type === 'INTEGRATED_GPU',
  })
}

function parseEntry(entry: RawEntry): readonly Sighting[] {
  const blocks = entry.text.split(/^\s*GPU\d+:\s*$/m).slice(1)
  return blocks.map((block) => parseDevice(block, entry.key)).filter((device) => device !== null)
}

/** A heap list without a device: there is a GPU, and nothing more can be said of it. */
function namelessDevice(entries: readonly RawEntry[]): readonly Sighting[] {
  const heaps = entries.find((entry) => /memoryHeaps\[\d+\]/.test(entry.text))
  if (heaps === undefined) return []
  return [sighting({ source: 'vulkaninfo', origin: heaps.key, vendor: 'other' })]
}

/** Devices of `vulkaninfo` without software renderers. */
export const parseVulkaninfo: Parser = (entries) => {
  const own = entries.filter((entry) => /vulkaninfo/i.test(entry.key))
  const devices = own.flatMap(parseEntry)
  const garbled = own
    .filter(({ text }) => text.trim() !== '' && !/deviceName|memoryHeaps|vulkan/i.test(text))
    .map(({ key }) => ({ key, detail: 'no device found' }))
  return { sightings: devices.length > 0 ? devices : namelessDevice(own), garbled }
}
