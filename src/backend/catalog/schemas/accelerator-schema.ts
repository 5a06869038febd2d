import * as z from 'zod'
import {
  atLeastOne,
  isoDate,
  longText,
  offByDefault,
  positive,
  recordsFile,
  shortText,
} from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { BACKENDS } from '#core/machine/machine.ts'

/** `10de:2684`, or with a revision, `1002:744c rev c8`. */
const pciId = z
  .string()
  .regex(/^[0-9a-f]{4}:[0-9a-f]{4}( rev [0-9a-f]{2})?$/, 'must be a PCI id like 10de:2684')

/** One record of `data/accelerators.json`, and of a user's own `accelerators.json`. */
export const acceleratorSchema = z.strictObject({
  id: shortText,
  name: shortText,
  aliases: z.array(shortText),
  sharedAliases: z.array(shortText),
  tellApartBy: z.array(shortText),
  vendor: z.enum(['NVIDIA', 'AMD', 'Intel', 'Apple', 'Qualcomm', 'other']),
  family: shortText.nullable(),
  architecture: shortText.nullable(),
  form: shortText.nullable(),
  computeCapability: z
    .string()
    .regex(/^\d+\.\d+[a-z]?$/, 'must be a compute capability like 8.9')
    .nullable(),
  gfxTarget: z
    .string()
    .regex(/^gfx[0-9a-f]+$/, 'must be a target like gfx1100')
    .nullable(),
  memoryBytes: positive.nullable(),
  memoryOptionsBytes: z.array(positive),
  driverReportedBytes: positive.nullable(),
  memoryKind: shortText.nullable(),
  busWidthBits: atLeastOne.nullable(),
  bandwidthBytesPerSecond: positive.nullable(),
  bandwidthFromSystemRam: offByDefault,
  bandwidthOptions: z.array(z.strictObject({ ram: shortText, bytesPerSecond: positive })),
  fp32FlopsPerSecond: positive.nullable(),
  fp16FlopsPerSecond: positive.nullable(),
  fp16Accumulation: z.enum(['fp32', 'fp32-half-rate', 'fp16', 'vector']).nullable(),
  fp16Basis: z.enum(['published', 'derived', 'marketed', 'recalled']).nullable(),
  bf16FlopsPerSecond: positive.nullable(),
  fp8FlopsPerSecond: positive.nullable(),
  fp4FlopsPerSecond: positive.nullable(),
  int8OperationsPerSecond: positive.nullable(),
  tdpWatts: positive.nullable(),
  tdpLeastWatts: positive.nullable(),
  pcie: shortText.nullable(),
  interconnect: shortText.nullable(),
  gpuCores: atLeastOne.nullable(),
  cpuCores: z.array(atLeastOne),
  unified: offByDefault,
  backends: z.array(z.enum(BACKENDS)),
  pciIds: z.array(pciId),
  // Shown as it is: some are announced, not dated.
  released: shortText.nullable(),
  note: longText.nullable(),
  sources: z.array(longText),
  asOf: isoDate,
})

export const acceleratorsFileSchema = recordsFile('accelerators', acceleratorSchema)

true satisfies SameType<Omit<AcceleratorSpec, 'origin'>, z.infer<typeof acceleratorSchema>>
