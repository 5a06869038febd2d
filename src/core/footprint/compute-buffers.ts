import { graphPeaks, type GraphPeaks } from '#core/footprint/graph/graph-peak.ts'
import type { GraphShape } from '#core/footprint/graph/graph-walk.ts'
import { MICRO_BATCH_TOKENS, padCells } from '#core/footprint/micro-batch.ts'
import type { Architecture } from '#core/model/model.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** What the compute graph of a micro-batch depends on. */
export type ComputeShape = GraphShape

const FLOAT_BYTES = 4
/** Shapes kept of one architecture: what sliders and rankings ask for again and again. */
const KEPT_SHAPES = 48

const peaks = new WeakMap<Architecture, Map<string, GraphPeaks>>()

/**
 * Scratch memory of llama.cpp's graph on one device, at 512 tokens a micro-batch: its allocator replayed on the steps
 * of the graph (`graph/`). Against the allocator of llama.cpp v0.5.0 on the CPU, whole catalogue: 38 architectures to
 * 2 KiB, the errors by architecture in docs/speed-model.md. On accelerators, whose graph is split in other places,
 * checked against two logs: within 2 %.
 */
export function deviceComputeBytes(
  architecture: Architecture,
  shape: ComputeShape & {
    readonly holdsOutput: boolean
    /** The embedded tokens lie here too: they do on the CPU, beside an accelerator the host keeps them. */
    readonly holdsInput: boolean
  },
): number {
  const { layersBytes, withOutputBytes } = peaksOf(architecture, shape, shape.holdsInput)
  return shape.holdsOutput ? withOutputBytes : layersBytes
}

function peaksOf(architecture: Architecture, shape: ComputeShape, holdsInput: boolean): GraphPeaks {
  let known = peaks.get(architecture)
  if (known === undefined || known.size >= KEPT_SHAPES) {
    known = new Map()
    peaks.set(architecture, known)
  }
  const key = `${padCells(shape.contextTokens)} ${shape.flashAttention} ${shape.kvType} ${holdsInput}`
  let found = known.get(key)
  if (found === undefined) {
    found = graphPeaks(architecture, shape, holdsInput)
    known.set(key, found)
  }
  return found
}

/**
 * Inputs kept in host memory beside an accelerator: the attention mask (f16 with flash attention, else f32) and the
 * embedded tokens of a micro-batch.
 */
export function hostComputeBytes(
  architecture: Architecture,
  shape: Pick<ComputeShape, 'contextTokens' | 'flashAttention'>,
): number {
  const maskBytes = padCells(shape.contextTokens) * (shape.flashAttention ? 2 : FLOAT_BYTES)
  return (maskBytes + architecture.hidden * FLOAT_BYTES) * MICRO_BATCH_TOKENS
}

/** Copies each accelerator keeps so that several can work on different micro-batches: about 80 MiB, from logs. */
export const PIPELINE_COPY_BYTES = mebibytesToBytes(80)
