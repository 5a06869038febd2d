import * as z from 'zod'
import { USE_CASES } from '#core/advise/needs.ts'
import { BACKENDS } from '#core/machine/machine.ts'
import { figureSchema, maybeFigureSchema } from './figure-schema.ts'
import { machineSchema } from './machine-schema.ts'

export const engineSchema = z.enum(['llama.cpp', 'ollama', 'mlx', 'vllm'])
export const kvTypeSchema = z.enum(['f16', 'q8_0', 'q4_0'])
export const fitSchema = z
  .enum(['fits', 'tight', 'no'])
  .describe('tight: it fits, but the upper bound of the estimate or the reserve leaves no room to spare')

/** Where the bytes of a plan go. */
export const memorySchema = z
  .object({
    weights: figureSchema,
    kvCache: figureSchema,
    compute: figureSchema,
    overhead: figureSchema,
    total: figureSchema,
    budget: figureSchema.describe('usable bytes of the pools this plan uses, after the reserve'),
  })
  .meta({ id: 'Memory' })

export const placementSchema = z.object({
  mode: z.enum(['gpu', 'multi-gpu', 'unified', 'experts-in-ram', 'partial', 'cpu']),
  backend: z.enum(BACKENDS),
  gpuLayers: z.number().int().nonnegative().describe('as --n-gpu-layers of llama.cpp counts'),
  totalLayers: z.number().int().positive(),
  acceleratorIndices: z.array(z.number().int().nonnegative()).describe('into machine.accelerators'),
})

export const modelReferenceSchema = z.object({ id: z.string(), name: z.string(), license: z.string() })

/** The fields a recommendation and a plan share. */
export const recommendationFields = {
  model: modelReferenceSchema,
  quantization: z.string(),
  contextTokens: z.number().int().positive(),
  users: z.number().int().positive(),
  engine: engineSchema,
  kvType: kvTypeSchema,
  depthTokens: z.number().int().nonnegative().describe('tokens in the cache when decoding is timed'),
  placement: placementSchema,
  fileBytes: figureSchema,
  memory: memorySchema,
  fit: fitSchema,
  missingBytes: z.number().nonnegative().describe('bytes lacking in the fullest pool; 0 when it fits'),
  decode: maybeFigureSchema.describe('speed of one stream'),
  prefill: maybeFigureSchema,
  throughput: maybeFigureSchema.describe('all streams together'),
  timeToFirstToken: maybeFigureSchema.describe('for a prompt of 512 tokens'),
  quality: maybeFigureSchema.describe('quality index of the model for the use case, before quantization'),
  agreement: maybeFigureSchema.describe(
    'share of next tokens on which the quantization agrees with the original',
  ),
  reasons: z.array(z.string()),
  improvements: z.array(z.string()).describe('what would make it better'),
  notes: z.array(z.string()).describe('things to know about this plan'),
}

const poolSchema = z
  .object({
    pool: z.string().describe('gpu:0 (index into machine.accelerators) or ram'),
    label: z.string(),
    layers: z.number().int().nonnegative(),
    memory: memorySchema,
    reserveBytes: z.number().nonnegative(),
    capacityBytes: z.number().positive().nullable(),
    fit: fitSchema,
  })
  .meta({ id: 'Pool', description: 'What one memory pool holds.' })

const ladderCellSchema = z
  .object({
    quantization: z.string(),
    contextTokens: z.number().int().positive(),
    fit: fitSchema,
    mode: placementSchema.shape.mode,
    fileBytes: z.number().positive(),
    totalBytes: z.number().positive(),
    missingBytes: z.number().nonnegative().describe('bytes lacking; 0 when it fits'),
    spareBytes: z.number().nonnegative().describe('bytes left in the fullest pool; 0 when it does not fit'),
    decodeTokensPerSecond: z.number().positive().nullable(),
  })
  .meta({
    id: 'LadderCell',
    description: 'One quantization at one context on this machine. All numbers are estimated.',
  })

const simulatedMemorySchema = z.object({
  weightsBytes: z.number().nonnegative(),
  contextBytes: z.number().nonnegative().describe('KV cache, recurrent state and compute buffers'),
})

const simulationSchema = z
  .object({
    engineRelease: z.string().describe('release of llama.cpp that was asked'),
    host: simulatedMemorySchema.describe('RAM'),
    device: simulatedMemorySchema.describe('all accelerators together'),
    seconds: z.number().nonnegative().describe('time the answer took; 0: kept from before'),
  })
  .meta({ id: 'Simulation', description: "What llama.cpp's own allocator asks for." })

/** `plan --json`. */
export const planOutputSchema = z.object({
  machine: machineSchema,
  useCase: z.enum(USE_CASES),
  ...recommendationFields,
  pools: z.array(poolSchema).describe('what lies where'),
  simulation: simulationSchema.nullable().describe('with --exact; null without'),
  ladder: z.array(ladderCellSchema).describe('every quantization at every usual context'),
})
