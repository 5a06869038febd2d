import * as z from 'zod'
import { count, isoDate, longText, positive } from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import { BACKENDS } from '#core/machine/machine.ts'
import type { SpeedCoefficients } from '#core/speed/speed-model.ts'

const decodeClass = z.enum([
  'cuda-pascal',
  'cuda-turing',
  'cuda-ampere',
  'cuda-hbm',
  'cuda-ada',
  'cuda-blackwell',
  'metal',
  'mlx',
  'rocm',
  'rocm-apu',
  'vulkan-amd',
  'vulkan-amd-apu',
  'vulkan-nvidia',
  'vulkan-intel',
])

const prefillClass = z.enum([
  'cuda-ada',
  'cuda-ampere',
  'cuda-blackwell',
  'cuda-gb10',
  'cuda-gtx16',
  'cuda-hbm',
  'cuda-pascal',
  'cuda-turing',
  'cuda-volta',
  'metal',
  'mlx',
  'mlx-m5',
  'rocm-apu',
  'rocm-rdna2',
  'rocm-rdna3',
  'vulkan-amd-apu',
  'vulkan-intel',
  'vulkan-nvidia',
  'vulkan-rdna2',
  'vulkan-rdna3',
])

const aluGroup = z.enum(['nvidia', 'nvidia-old', 'apple-m1-m2', 'apple-m3', 'mlx', 'amd', 'intel'])
const quantizationGroup = z.enum(['q4_0', 'q4k', 'q8', 'f16', 'q6k', 'iq23', 'q23k', 'iq4', 'mxfp4', 'gpu4'])
const acceleratorBackend = z.enum(BACKENDS).exclude(['cpu'])
const intervalClass = z.enum([
  'dense',
  'moe',
  'few-runs',
  'split',
  'cpu',
  'bandwidth-unknown',
  'prefill',
  'throughput',
])

const seconds = z.number().nonnegative()

/** `data/speed-model.json`: the fitted coefficients of the speed formulas. */
export const speedModelFileSchema = z.strictObject({
  schema: z.literal('inhouse/speed-model/1'),
  asOf: isoDate,
  source: longText,
  decode: z.strictObject({
    classes: z.record(
      decodeClass,
      z.strictObject({ bandwidthShare: positive, layerSeconds: seconds, runs: count }),
    ),
    quantizations: z.record(
      quantizationGroup,
      z.strictObject({ bandwidthFactor: positive, unpackFactor: z.number().nonnegative() }),
    ),
    bandwidthShareLimit: positive,
    operationsPerWeight: z.record(aluGroup, positive),
    expertFactor: z.record(acceleratorBackend, positive),
    expertLayerSeconds: z.record(acceleratorBackend, seconds),
    kvBandwidthShare: z.strictObject({ flashAttention: positive, plain: positive }),
    recurrentLayerSeconds: seconds,
    perLayerEmbeddingSeconds: seconds,
    latentLayerSeconds: seconds,
    vulkanBf16ExpertFactor: positive,
  }),
  prefill: z.strictObject({
    classes: z.record(
      prefillClass,
      z.strictObject({
        quantizedShare: positive,
        halfPrecisionShare: positive,
        layerSeconds: seconds,
        runs: count,
      }),
    ),
    expertFactor: z.record(acceleratorBackend, positive),
    weightBandwidthShare: positive,
  }),
  cpu: z.strictObject({
    bandwidthShare: positive,
    coreBytesPerSecond: positive,
    unknownBaseBytesPerSecond: z.number().nonnegative(),
    unknownCoreBytesPerSecond: positive,
    layerSeconds: seconds,
    coreFlopsPerSecond: positive,
    runs: count,
  }),
  transfer: z.strictObject({ handoverSeconds: seconds, hostToDeviceBytesPerSecond: positive }),
  intervals: z.record(intervalClass, z.strictObject({ low: positive, high: positive })),
  localScore: z.partialRecord(
    z.enum(BACKENDS),
    z.strictObject({ factor: positive, fixedFactor: positive, prefillFactor: positive }),
  ),
})

true satisfies SameType<SpeedCoefficients, z.infer<typeof speedModelFileSchema>>
