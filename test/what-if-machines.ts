import { applyWhatIf } from '#core/machine/what-if.ts'
import type { Machine } from '#core/machine/machine.ts'
import { gibibytesToBytes } from '#core/units/units.ts'
import { shippedCatalogue } from './shipped-catalogue.ts'

/** A current desktop without a GPU: eight cores, DDR5-5200 in two channels, 32 GiB of which 28 are free. */
const DESKTOP: Machine = {
  os: { platform: 'linux', name: 'Linux', version: null, architecture: 'x64', virtualization: 'none' },
  cpu: {
    name: 'AMD Ryzen 7 7700',
    vendor: 'AMD',
    physicalCores: 8,
    logicalCores: 16,
    performanceCores: 8,
    usableCores: 16,
    features: ['avx2', 'avx512f'],
  },
  memory: {
    totalBytes: gibibytesToBytes(32),
    freeBytes: gibibytesToBytes(28),
    limitBytes: gibibytesToBytes(32),
    limitUsedBytes: null,
    bandwidthBytesPerSecond: 83.2e9,
  },
  accelerators: [],
  disks: [],
  backends: ['cpu', 'cuda', 'vulkan'],
  sources: {},
  warnings: [],
  scannedAt: null,
  asIf: false,
}

/** The desktop with other GPUs and RAM, as the what-if options make it. */
export function whatIfMachine(
  gpus: readonly string[],
  ramGibibytes: number,
  vramGibibytes?: number,
): Machine {
  const result = applyWhatIf(
    DESKTOP,
    {
      gpus,
      ramBytes: gibibytesToBytes(ramGibibytes),
      vramBytes: vramGibibytes === undefined ? null : gibibytesToBytes(vramGibibytes),
      cpuCores: null,
      backend: null,
    },
    shippedCatalogue.accelerators,
  )
  if (result.kind === 'error') throw new Error(result.message)
  return result.machine
}

/** From a phone's worth of memory to a server: the machines that tests and benches ask about. */
export const WHAT_IF_MACHINES: Readonly<Record<string, Machine>> = {
  'nothing fits': whatIfMachine(['none'], 2),
  '4 GB, CPU only': whatIfMachine(['none'], 4),
  '16 GB, CPU only': whatIfMachine(['none'], 16),
  '8 GB laptop GPU': whatIfMachine(['RTX 4060 Laptop'], 16),
  'RTX 4090': whatIfMachine(['RTX 4090'], 64),
  '2x RTX 3090': whatIfMachine(['2x RTX 3090'], 64),
  'M4 Max, 36 GB': whatIfMachine(['M4 Max 32'], 36),
  'H100 80 GB': whatIfMachine(['H100 SXM'], 256),
}
