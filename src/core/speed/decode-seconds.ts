import type { LayerShare, Layout } from '#core/placement/layout.ts'
import { between, type PlanTerms } from '#core/placement/plan-terms.ts'
import { measuredHostRates } from '#core/speed/measured-host.ts'

/**
 * Seconds for one step of decoding, one token for each of `streams`; `NaN` where a bandwidth is not known.
 *
 * Per device: weights read at a class's share of the bandwidth, routed experts at a further share, joined with the
 * time to unpack them as the root of squares; plus the cache read, plus fixed time per layer. Layers in RAM add the
 * CPU's reading time and a handover. Several streams read the weights once, more experts, and each its own cache.
 * Fitted on published runs (docs/speed-model.md): median error 7 % on them, 10 % on devices that were not
 * in the fit; on CPUs 21 %.
 */
export function decodeSeconds(terms: PlanTerms, layout: Layout, streams: number): number {
  let seconds = hostSeconds(terms, layout, streams)
  for (const share of layout.shares) seconds += shareSeconds(terms, layout, share, streams)
  return seconds
}

/** How many times the experts of one token several streams touch: each picks at random, so some coincide. */
function expertSpread(terms: PlanTerms, streams: number): number {
  const moe = terms.architecture.moe
  if (moe === null || streams === 1) return 1
  const share = moe.activeExperts / moe.experts
  return (1 - (1 - share) ** streams) / share
}

function shareSeconds(terms: PlanTerms, layout: Layout, share: LayerShare, streams: number): number {
  const { speed } = share.device
  const bandwidth = speed.bandwidthBytesPerSecond
  if (bandwidth === null) return Number.NaN
  const { decode } = terms.speedModel
  const format = decode.quantizations[terms.quantization.group]
  const expertsFrom = Math.max(share.from, layout.expertsFrom)
  const dense = denseReadBytes(terms, share.from, share.to, share.hasOutput)
  const experts =
    expertReadBytes(terms, expertsFrom, Math.max(share.to, expertsFrom)) * expertSpread(terms, streams)
  const reached =
    Math.min(speed.decode.bandwidthShare * format.bandwidthFactor, decode.bandwidthShareLimit) * bandwidth
  const reading = (dense + experts / expertFactor(terms, share)) / reached
  const unpacking =
    speed.fp32FlopsPerSecond === null
      ? 0
      : (weightsOfBytes(terms, dense + experts) * speed.operationsPerWeight * format.unpackFactor) /
        speed.fp32FlopsPerSecond
  const weightSeconds = Math.max(Math.hypot(reading, unpacking), batchSeconds(terms, layout, share, streams))
  const kvShare = terms.flashAttention
    ? decode.kvBandwidthShare.flashAttention
    : decode.kvBandwidthShare.plain
  const cache = (streams * between(terms.sequence.readPrefix, share.from, share.to)) / (kvShare * bandwidth)
  const layerTime = speed.decode.layerSeconds + extraLayerSeconds(terms, share)
  const expertLayers = between(terms.weights.expertLayersPrefix, share.from, share.to)
  const expertTime = speed.expertLayerSeconds * routingEffort(terms)
  return weightSeconds + cache + (share.to - share.from) * layerTime + expertLayers * expertTime
}

/** Choosing among more experts takes longer: runs of 32 to 512 experts grow about with the root; 1 at 128. */
function routingEffort(terms: PlanTerms): number {
  return Math.sqrt((terms.architecture.moe?.experts ?? 128) / 128)
}

function expertFactor(terms: PlanTerms, share: LayerShare): number {
  const { speed } = share.device
  const isBf16Vulkan = speed.backend === 'vulkan' && terms.quantization.id === 'BF16'
  return speed.expertFactor * (isBf16Vulkan ? terms.speedModel.decode.vulkanBf16ExpertFactor : 1)
}

/** Many streams at once are bound by arithmetic: no faster than prompt processing of as many tokens. */
function batchSeconds(terms: PlanTerms, layout: Layout, share: LayerShare, streams: number): number {
  const rate = prefillRate(terms, share)
  if (streams === 1 || rate === null) return 0
  return (streams * 2 * shareParameters(terms, layout, share)) / rate
}

/** Operations a second a device reaches on prompts; `null` where its peak is not known. */
export function prefillRate(terms: PlanTerms, share: LayerShare): number | null {
  const { speed } = share.device
  const { group } = terms.quantization
  const isHalf = group === 'f16' || group === 'gpu4'
  const peak = isHalf ? speed.fp16FlopsPerSecond : speed.quantizedFlopsPerSecond
  if (peak === null) return null
  const reached = isHalf ? speed.prefill.halfPrecisionShare : speed.prefill.quantizedShare
  const moe = terms.architecture.moe === null ? 1 : terms.speedModel.prefill.expertFactor[speed.backend]
  return reached * moe * peak
}

/** Parameters a token multiplies with in a share's layers, without the output head. */
export function shareParameters(terms: PlanTerms, layout: Layout, share: LayerShare): number {
  const expertsFrom = Math.max(share.from, layout.expertsFrom)
  const bytes =
    denseReadBytes(terms, share.from, share.to, false) +
    expertReadBytes(terms, expertsFrom, Math.max(share.to, expertsFrom))
  return weightsOfBytes(terms, bytes)
}

function hostSeconds(terms: PlanTerms, layout: Layout, streams: number): number {
  const expertBytes = hostExpertBytes(terms, layout)
  if (layout.start === 0 && expertBytes === 0) return 0
  const { host } = terms.machine
  const alone = layout.shares.length === 0
  const weightBytes =
    denseReadBytes(terms, 0, layout.start, alone) + expertBytes * expertSpread(terms, streams)
  const cacheBytes = streams * between(terms.sequence.readPrefix, 0, layout.start)
  const handovers = alone ? 0 : hostStretches(terms, layout)
  const work = { weightBytes, headBytes: alone ? terms.weights.weights.outputBytes : 0, cacheBytes, streams }
  const working = measuredWorkSeconds(terms, layout, work) ?? workSeconds(terms, layout, work)
  return working + layout.start * host.layerSeconds + handovers * terms.speedModel.transfer.handoverSeconds
}

interface HostWork {
  readonly weightBytes: number
  /** Part of them that is the output head, in a format of its own. */
  readonly headBytes: number
  readonly cacheBytes: number
  readonly streams: number
}

/** Reading and arithmetic side by side: the slower of them. */
function workSeconds(
  terms: PlanTerms,
  layout: Layout,
  { weightBytes, cacheBytes, streams }: HostWork,
): number {
  const { host } = terms.machine
  if (host.bytesPerSecond === null) return Number.NaN
  const arithmetic =
    host.flopsPerSecond === null ? 0 : (streams * 2 * hostParameters(terms, layout)) / host.flopsPerSecond
  return Math.max((weightBytes + cacheBytes) / host.bytesPerSecond, arithmetic)
}

/** The same by this machine's own rates, which hold the arithmetic of one stream; further streams add theirs. */
function measuredWorkSeconds(
  terms: PlanTerms,
  layout: Layout,
  { weightBytes, headBytes, cacheBytes, streams }: HostWork,
): number | null {
  const { measured } = terms.machine.host
  if (measured === null) return null
  const { vocabulary, hidden } = terms.architecture
  const rates = measuredHostRates(measured, terms.weights.bodyBitsPerWeight)
  const headRates = measuredHostRates(measured, (8 * headBytes) / (vocabulary * hidden))
  if (rates === null || headRates === null) return null
  const cacheRate = measured.cacheBytesPerSecond ?? rates.readBytesPerSecond
  const further = ((streams - 1) * 2 * hostParameters(terms, layout)) / rates.prefillFlopsPerSecond
  return (
    (weightBytes - headBytes) / rates.readBytesPerSecond +
    headBytes / headRates.readBytesPerSecond +
    cacheBytes / cacheRate +
    further
  )
}

/** Parameters a token multiplies with on the CPU, without the output head. */
export function hostParameters(terms: PlanTerms, layout: Layout): number {
  return weightsOfBytes(terms, denseReadBytes(terms, 0, layout.start, false) + hostExpertBytes(terms, layout))
}

function hostExpertBytes(terms: PlanTerms, layout: Layout): number {
  return expertReadBytes(terms, 0, layout.expertsFrom)
}

/** Times a token goes to the CPU and back: once for its layers, and once for every layer whose experts lie there. */
function hostStretches(terms: PlanTerms, layout: Layout): number {
  const expertLayers = between(
    terms.weights.expertLayersPrefix,
    layout.start,
    Math.max(layout.start, layout.expertsFrom),
  )
  return (layout.start > 0 ? 1 : 0) + expertLayers
}

function denseReadBytes(terms: PlanTerms, from: number, to: number, hasOutput: boolean): number {
  const { weights } = terms
  return (
    between(weights.densePrefix, from, to) * weights.denseReadShare +
    (hasOutput ? weights.weights.outputBytes : 0)
  )
}

function expertReadBytes(terms: PlanTerms, from: number, to: number): number {
  return between(terms.weights.expertPrefix, from, to) * terms.weights.expertReadShare
}

function weightsOfBytes(terms: PlanTerms, bytes: number): number {
  return (8 * bytes) / terms.weights.bodyBitsPerWeight
}

/** Fixed time a layer takes besides its class's, by the kind of model. */
function extraLayerSeconds(terms: PlanTerms, share: LayerShare): number {
  const { decode } = terms.speedModel
  const { attention, perLayerEmbeddings } = terms.architecture
  const recurrent =
    attention.recurrent && attention.recurrent.type !== 'short_conv'
      ? (decode.recurrentLayerSeconds * attention.recurrent.layers) / terms.architecture.layers
      : 0
  const perLayer = perLayerEmbeddings ? decode.perLayerEmbeddingSeconds : 0
  const latent = attention.latent && share.device.speed.backend !== 'mlx' ? decode.latentLayerSeconds : 0
  return recurrent + perLayer + latent
}
