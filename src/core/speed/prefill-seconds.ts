import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'
import type { LayerShare, Layout } from '#core/placement/layout.ts'
import { between, type PlanTerms } from '#core/placement/plan-terms.ts'
import { measuredHostRates } from '#core/speed/measured-host.ts'
import { hostParameters, prefillRate, shareParameters } from '#core/speed/decode-seconds.ts'

/** Prompt length that prefill speed and time to first token are quoted for. */
export const QUOTED_PROMPT_TOKENS = 512

/**
 * Seconds to process one prompt token; `NaN` where a rate is not known. Arithmetic of weights and attention at a
 * class's share of the device's rate, plus one reading of the weights and fixed time per layer shared by the tokens
 * of a micro-batch. Weights in RAM are copied to the accelerator for long prompts, which bounds those layers; on the
 * CPU alone its cores do. Fitted on prompts of 256 to 2,100 tokens (docs/speed-model.md).
 */
export function prefillSecondsPerToken(terms: PlanTerms, layout: Layout, promptTokens: number): number {
  let seconds = hostSeconds(terms, layout, promptTokens)
  for (const share of layout.shares) seconds += shareSeconds(terms, layout, share, promptTokens)
  return seconds
}

function shareSeconds(terms: PlanTerms, layout: Layout, share: LayerShare, promptTokens: number): number {
  const { speed } = share.device
  const rate = prefillRate(terms, share)
  if (rate === null || speed.bandwidthBytesPerSecond === null) return Number.NaN
  const { weights, speedModel } = terms
  const tokens = Math.min(promptTokens, MICRO_BATCH_TOKENS)
  const expertsFrom = Math.max(share.from, layout.expertsFrom)
  const held =
    between(weights.densePrefix, share.from, share.to) +
    between(weights.expertPrefix, expertsFrom, Math.max(share.to, expertsFrom))
  const layers = share.to - share.from
  const arithmetic =
    (2 * shareParameters(terms, layout, share) + attentionFlops(terms, layers, promptTokens)) / rate
  const reading = held / (speedModel.prefill.weightBandwidthShare * speed.bandwidthBytesPerSecond)
  return arithmetic + (reading + layers * speed.prefill.layerSeconds) / tokens
}

function attentionFlops(terms: PlanTerms, layers: number, promptTokens: number): number {
  const { heads, headDimension } = terms.architecture
  return 2 * layers * heads * headDimension * promptTokens
}

function hostSeconds(terms: PlanTerms, layout: Layout, promptTokens: number): number {
  const parameters = hostParameters(terms, layout)
  if (parameters === 0) return 0
  const [first] = layout.shares
  if (!first) {
    const flopsPerSecond = hostFlopsPerSecond(terms)
    if (flopsPerSecond === null) return Number.NaN
    return (2 * parameters + attentionFlops(terms, layout.start, promptTokens)) / flopsPerSecond
  }
  const rate = prefillRate(terms, first)
  if (rate === null) return Number.NaN
  const held =
    between(terms.weights.densePrefix, 0, layout.start) +
    between(terms.weights.expertPrefix, 0, layout.expertsFrom)
  const copying =
    held / terms.speedModel.transfer.hostToDeviceBytesPerSecond / Math.min(promptTokens, MICRO_BATCH_TOKENS)
  return copying + (2 * parameters + attentionFlops(terms, layout.start, promptTokens)) / rate
}

/** What this machine was measured to do, else what its cores are taken to do. */
function hostFlopsPerSecond({ machine, weights }: PlanTerms): number | null {
  const { measured, flopsPerSecond } = machine.host
  const rates = measured === null ? null : measuredHostRates(measured, weights.bodyBitsPerWeight)
  return rates?.prefillFlopsPerSecond ?? flopsPerSecond
}
