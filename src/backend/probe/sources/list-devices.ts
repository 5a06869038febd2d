import { type Parser, type RawEntry, type Sighting, sighting, vendorOfName } from '#backend/probe/sighting.ts'
import { SOFTWARE_RENDERER, vulkanName } from '#backend/probe/sources/vulkaninfo.ts'
import type { Backend } from '#core/machine/machine.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

const BACKEND_BY_PREFIX: Readonly<Record<string, Backend>> = {
  CUDA: 'cuda',
  ROCm: 'rocm',
  HIP: 'rocm',
  Vulkan: 'vulkan',
  MTL: 'metal',
  Metal: 'metal',
  // oneAPI builds; the bundled runtime drives the same cards through Vulkan.
  SYCL: 'vulkan',
}

/** Lowest CUDA architecture the build carries ("ARCHS = 750,800"), as a compute capability; null when not printed. */
function lowestBuiltCapability(text: string): number | null {
  const list = /CUDA\s*:\s*ARCHS\s*=\s*([\d,]+)/.exec(text)?.[1]
  const archs = (list ?? '')
    .split(',')
    .map(Number)
    .filter((arch) => arch > 0)
  return archs.length === 0 ? null : Math.min(...archs) / 100
}

function capabilities(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/^\s*Device (\d+): .+?, compute capability (\d+\.\d+)/gm)
  return new Map([...found].map((match) => [match[1] ?? '', match[2] ?? '']))
}

/** `CUDA0: NVIDIA GeForce RTX 4090 (24564 MiB, 23592 MiB free)`; on Metal the size is the limit, not the memory. */
function parseListDevices(entry: RawEntry): readonly Sighting[] {
  const lowest = lowestBuiltCapability(entry.text)
  const capabilityOf = capabilities(entry.text)
  const line = /^\s*(CUDA|ROCm|HIP|Vulkan|MTL|Metal|SYCL)(\d+):\s*(.+?)\s*\((\d+) MiB, (\d+) MiB free\)/gm
  const devices = [...entry.text.matchAll(line)].filter((match) => !SOFTWARE_RENDERER.test(match[3] ?? ''))
  return devices.map((match) => {
    const [, prefix = '', index = '', name = '', total = '0', free = '0'] = match
    const backend = BACKEND_BY_PREFIX[prefix] ?? 'vulkan'
    const totalBytes = mebibytesToBytes(Number(total))
    const capability = backend === 'cuda' ? (capabilityOf.get(index) ?? null) : null
    const tooOld = lowest !== null && capability !== null && Number(capability) < lowest
    return sighting({
      source: 'llama.cpp',
      origin: `${entry.key} ${prefix}`,
      vendor: vendorOfName(name),
      name: vulkanName(name).name,
      nameFromInventory: vulkanName(name).isCodeName,
      memoryBytes: backend === 'metal' ? null : totalBytes,
      usableBytes: backend === 'metal' ? totalBytes : null,
      freeBytes: mebibytesToBytes(Number(free)),
      computeCapability: capability,
      backends: [backend],
      unusableReason: tooOld
        ? `This llama.cpp build starts at compute capability ${lowest}; the card has ${capability}: use a Vulkan build or an older CUDA build`
        : null,
    })
  })
}

/** What `llama-server --list-devices` printed. */
export const parseLlamaDevices: Parser = (entries) => ({
  sightings: entries.filter((entry) => /--list-devices/.test(entry.key)).flatMap(parseListDevices),
})
