import * as z from 'zod'
import { machineSpeedSchema } from '#backend/store/measurement-schema.ts'
import { BACKENDS } from '#core/machine/machine.ts'

/** Unknown is null, never 0: what a machine has in all cannot be nothing. */
const capacity = z.number().positive().nullable()
const free = z.number().nonnegative().nullable()
const coreCount = z.number().int().positive().nullable()
const text = z.string().nullable()

const backendSchema = z.enum(BACKENDS).meta({ id: 'Backend' })

const acceleratorSchema = z
  .object({
    name: z.string(),
    vendor: z.enum(['NVIDIA', 'AMD', 'Intel', 'Apple', 'Qualcomm', 'other']),
    memoryBytes: capacity.describe('all memory the device can address as its own'),
    freeBytes: free.describe('free now'),
    usableBytes: free
      .default(null)
      .describe('cap of the operating system on what the device may use; null: none known'),
    unified: z.boolean().describe('shares its memory with the CPU: one pool, counted once'),
    integrated: z.boolean(),
    usable: z.boolean(),
    unusableReason: text.describe('why not, and what to do; null when usable'),
    backends: z.array(backendSchema),
    pciAddress: text,
    pciId: text.default(null),
    driverVersion: text.default(null),
    computeCapability: text.default(null),
    gfxTarget: text.default(null),
    migProfile: text.default(null),
    gpuCores: coreCount.default(null),
    specId: text.describe('record of the accelerator table'),
    performance: z
      .object({
        bandwidthBytesPerSecond: capacity,
        fp32FlopsPerSecond: capacity,
        fp16FlopsPerSecond: capacity,
        architecture: text,
        family: text,
        source: z.string(),
        asOf: z.string(),
      })
      .nullable()
      .default(null)
      .describe('figures of the accelerator table that speed estimates use'),
    asIf: z.boolean().default(false).describe('a figure of this device was made up by the user'),
  })
  .meta({ id: 'Accelerator' })

const osSchema = z.object({
  platform: z.enum(['linux', 'windows', 'macos']),
  name: text,
  version: text.default(null),
  architecture: z.enum(['x64', 'arm64', 'other']),
  virtualization: z.enum(['none', 'container', 'wsl2', 'vm']).nullable().default(null),
})

const cpuSchema = z.object({
  name: text,
  vendor: text.default(null),
  physicalCores: coreCount,
  logicalCores: coreCount,
  performanceCores: coreCount.default(null),
  usableCores: coreCount.default(null).describe('cores this process may really use'),
  features: z.array(z.string()),
})

const memorySchema = z.object({
  totalBytes: capacity,
  freeBytes: free,
  limitBytes: capacity.describe('the smallest limit that really holds (cgroup, WSL2, VM)'),
  limitUsedBytes: free.default(null).describe('what is used of that limit, page cache not counted'),
  bandwidthBytesPerSecond: capacity,
})

/** The machine of `scan --json`, and what `--machine FILE` reads back. */
export const machineSchema = z
  .object({
    os: osSchema,
    cpu: cpuSchema,
    memory: memorySchema,
    accelerators: z.array(acceleratorSchema),
    disks: z.array(
      z.object({ mount: z.string(), totalBytes: capacity, freeBytes: free, holdsModels: z.boolean() }),
    ),
    backends: z.array(backendSchema).describe('what the bundled llama.cpp can really use here'),
    sources: z
      .record(
        z.string(),
        z.object({
          source: z.string(),
          rule: z.string().exactOptional(),
          others: z.array(z.object({ source: z.string(), value: z.string() })).exactOptional(),
        }),
      )
      .default({})
      .describe('where each value came from, by its path in the machine'),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), source: text })).default([]),
    scannedAt: text.default(null),
    asIf: z.boolean().default(false).describe('true when any hardware is made up'),
  })
  .meta({
    id: 'Machine',
    description: 'The machine as scanned, replayed, loaded or made up. Unknown is null.',
  })

/** `scan --json`. */
export const scanOutputSchema = z.object({
  machine: machineSchema,
  speed: machineSpeedSchema
    .nullable()
    .describe('how fast it reads and computes, with --measure or from an earlier one; null: never measured'),
})
