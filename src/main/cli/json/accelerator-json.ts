import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'

/** One row of `accelerators --json`. */
export function acceleratorSpecJson(spec: AcceleratorSpec) {
  return {
    id: spec.id,
    name: spec.name,
    aliases: spec.aliases,
    vendor: spec.vendor,
    architecture: spec.architecture,
    memoryBytes: spec.memoryBytes,
    memoryOptionsBytes: spec.memoryOptionsBytes,
    bandwidthBytesPerSecond: spec.bandwidthBytesPerSecond,
    fp32FlopsPerSecond: spec.fp32FlopsPerSecond,
    fp16FlopsPerSecond: spec.fp16FlopsPerSecond,
    tdpWatts: spec.tdpWatts,
    gpuCores: spec.gpuCores,
    unified: spec.unified,
    backends: spec.backends,
    computeCapability: spec.computeCapability,
    gfxTarget: spec.gfxTarget,
    pciIds: spec.pciIds,
    released: spec.released,
    note: spec.note,
    sources: spec.sources,
    asOf: spec.asOf,
    origin: spec.origin,
  }
}
