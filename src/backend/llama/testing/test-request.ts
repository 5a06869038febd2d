import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

/** One core of a CPU: several test files run side by side, and threads that wait for each other would crawl. */
const MACHINE: Machine = {
  os: { platform: 'linux', name: null, version: null, architecture: 'x64', virtualization: null },
  cpu: {
    name: 'a test',
    vendor: null,
    physicalCores: 1,
    logicalCores: 1,
    performanceCores: null,
    usableCores: 1,
    features: [],
  },
  memory: {
    totalBytes: gibibytesToBytes(16),
    freeBytes: gibibytesToBytes(12),
    limitBytes: gibibytesToBytes(16),
    bandwidthBytesPerSecond: null,
  },
  accelerators: [],
  disks: [],
  backends: ['cpu'],
  sources: {},
  warnings: [],
  scannedAt: null,
  asIf: false,
}

/** A plan of a shipped model on the CPU. */
export function testRequest(
  catalogue: Catalogue,
  modelId: string,
  change: Partial<PlanRequest> = {},
): PlanRequest {
  const model = catalogue.models.find(({ id }) => id === modelId)
  const quantization = catalogue.quantizations.find(({ id }) => id === 'Q4_K_M')
  if (model === undefined || quantization === undefined) throw new Error(`no ${modelId} in the catalogue`)
  return {
    machine: MACHINE,
    model,
    quantization,
    contextTokens: 1024,
    users: 1,
    kvType: 'f16',
    engine: 'llama.cpp',
    ...change,
  }
}
