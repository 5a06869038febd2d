import path from 'node:path'
import { freeDiskBytes, supportsSparseFiles } from '#backend/gguf/sparse-support.ts'
import { dryRunFolder, newDryRunFile } from '#backend/llama/dry-run-folder.ts'
import { readFreeMemory } from '#backend/probe/free-memory.ts'
import type { MeasurePreview, MeasureRefusal } from '#contract/measuring.ts'
import { formatFileSize, formatMemory } from '#core/figure/format-figure.ts'
import type { DryRunPlan } from '#core/measure/dry-run-plan.ts'
import { loadBytes } from '#core/placement/layout.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** Headers with the largest vocabularies take some MiB. */
const SPARSE_BYTES = mebibytesToBytes(16)
/** Left to the rest of the system, so that it never swaps for a measurement. */
const SPARED_BYTES = mebibytesToBytes(512)
/** A run took from a third less to two thirds more than expected, seen on one machine before it was calibrated. */
const TIME_SPREAD = { low: 0.6, high: 1.8 } as const

/** What a dry run will take here, and whether it may start. */
export async function previewDryRun(
  request: PlanRequest,
  numbers: PlanNumbers,
  plan: DryRunPlan,
  userFolder: string,
): Promise<MeasurePreview> {
  // Made here, because only in a folder that is there can be tried what its file system can do.
  const folder = path.dirname(await newDryRunFile(userFolder))
  const [sparse, freeDisk, free] = await Promise.all([
    supportsSparseFiles(folder),
    freeDiskBytes(dryRunFolder(userFolder)),
    readFreeMemory(request.machine),
  ])
  const diskBytes = sparse ? Math.min(plan.fileBytes, SPARSE_BYTES) : plan.fileBytes
  const freeMemoryBytes = free.ramFreeBytes ?? request.machine.memory.freeBytes ?? 0
  const shortfall =
    memoryRefusal(request, numbers, plan, freeMemoryBytes) ??
    acceleratorRefusal(numbers, free.acceleratorFreeBytes)
  return {
    lowSeconds: plan.expectedSeconds * TIME_SPREAD.low,
    highSeconds: plan.expectedSeconds * TIME_SPREAD.high,
    memoryBytes: plan.memoryBytes,
    freeMemoryBytes,
    diskBytes,
    freeDiskBytes: freeDisk,
    sparse,
    layers: plan.files.flatMap((file) =>
      file.of === 'model' ? [file.layers?.length ?? request.model.architecture.layers] : [],
    ),
    refusal: splitRefusal(numbers, plan) ?? diskRefusal(diskBytes, freeDisk, folder, sparse) ?? shortfall,
  }
}

/** Layers in RAM and layers on a card take different times: from some of them nothing follows for the others. */
function splitRefusal({ candidate }: PlanNumbers, { files }: DryRunPlan): MeasureRefusal | null {
  if (candidate.layout.mode !== 'partial' || files.every((file) => file.layers === null)) return null
  return {
    message: 'A model that is split between a card and RAM cannot be measured by some of its layers.',
    nextStep: 'Measure it in full.',
    canForce: false,
  }
}

function diskRefusal(
  diskBytes: number,
  freeBytes: number,
  folder: string,
  sparse: boolean,
): MeasureRefusal | null {
  if (freeBytes >= diskBytes) return null
  const why = sparse ? '' : ' Its file system keeps no holes, so the file takes its full size.'
  return {
    message: `The disk of ${folder} has ${formatFileSize(freeBytes)} free; the dry run writes ${formatFileSize(diskBytes)}.${why}`,
    nextStep: 'Free some space, or set INHOUSE_DATA_DIR to a folder on another disk.',
    canForce: false,
  }
}

function memoryRefusal(
  { machine }: PlanRequest,
  { candidate, terms }: PlanNumbers,
  plan: DryRunPlan,
  freeBytes: number,
): MeasureRefusal | null {
  const inRam = candidate.loads
    .filter((load) => load.poolIndex === terms.machine.ramIndex)
    .reduce((sum, load) => sum + loadBytes(load) - load.deviceBytes, 0)
  const neededBytes = candidate.layout.shares.length === 0 ? plan.memoryBytes : inRam
  const spared = Math.max(0, freeBytes - SPARED_BYTES)
  if (neededBytes <= spared) return null
  const limit = machine.memory.limitBytes ?? machine.memory.totalBytes ?? 0
  return {
    message: `It would hold ${formatMemory(neededBytes)} of memory. ${formatMemory(freeBytes)} are free, of which ${formatMemory(SPARED_BYTES)} are left to everything else: the machine would swap.`,
    nextStep: 'Measure quick, choose a smaller quantization or context, or close other programs.',
    canForce: neededBytes < limit,
  }
}

function acceleratorRefusal(
  { candidate, terms }: PlanNumbers,
  free: readonly (number | null)[],
): MeasureRefusal | null {
  for (const share of candidate.layout.shares) {
    const load = candidate.loads.find(({ poolIndex }) => poolIndex === share.device.poolIndex)
    const freeBytes = free[share.device.index]
    if (load === undefined || freeBytes === null || freeBytes === undefined) continue
    if (terms.machine.pools[share.device.poolIndex]!.kind === 'unified') continue
    if (load.deviceBytes <= freeBytes) continue
    return {
      message: `${share.device.accelerator.name} has ${formatMemory(freeBytes)} free; the plan takes ${formatMemory(load.deviceBytes)}.`,
      nextStep: 'Close what uses the card, or keep fewer layers on it.',
      canForce: false,
    }
  }
  return null
}
