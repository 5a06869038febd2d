import type { Layout } from '#core/placement/layout.ts'
import type { PlanTerms } from '#core/placement/plan-terms.ts'
import {
  correctionOf,
  type CalibratedPlan,
  type Calibration,
  type Correction,
} from '#core/speed/calibration.ts'
import { decodeSeconds } from '#core/speed/decode-seconds.ts'
import { prefillSecondsPerToken } from '#core/speed/prefill-seconds.ts'

/** What the measurements of this machine say about decoding; null without any. */
export function decodeCorrection(terms: PlanTerms, layout: Layout, streams: number): Correction | null {
  const calibration = calibrationOf(terms)
  if (calibration === null) return null
  const tokens = terms.sequence.shape.depthTokens
  return correctionOf(calibration, calibratedPlan(terms, layout), 'decode', { tokens, streams })
}

/** The same about prompts. */
export function prefillCorrection(terms: PlanTerms, layout: Layout, promptTokens: number): Correction | null {
  const calibration = calibrationOf(terms)
  if (calibration === null) return null
  return correctionOf(calibration, calibratedPlan(terms, layout), 'prefill', {
    tokens: promptTokens,
    streams: 1,
  })
}

/** Seconds of a decoding step by the formulas, as measurements of this machine correct them. */
export function correctedDecodeSeconds(terms: PlanTerms, layout: Layout, streams: number): number {
  return decodeSeconds(terms, layout, streams) * (decodeCorrection(terms, layout, streams)?.factor ?? 1)
}

/** Seconds of a prompt token by the formulas, as measurements of this machine correct them. */
export function correctedPrefillSeconds(terms: PlanTerms, layout: Layout, promptTokens: number): number {
  return (
    prefillSecondsPerToken(terms, layout, promptTokens) *
    (prefillCorrection(terms, layout, promptTokens)?.factor ?? 1)
  )
}

/** Only the machine that was measured is corrected by it, and only for the engine that ran. */
function calibrationOf({ engine, machine, speedModel }: PlanTerms): Calibration | null {
  const { calibration } = speedModel
  if (calibration === undefined) return null
  if (engine !== 'llama.cpp' && engine !== 'ollama') return null
  return calibration.machine === machine.fingerprint ? calibration : null
}

function calibratedPlan(terms: PlanTerms, layout: Layout): CalibratedPlan {
  return {
    architecture: terms.architecture,
    quantization: terms.quantization,
    backend: layout.backend,
    gpuLayers: layout.shares.length === 0 ? 0 : terms.weights.layers + 1 - layout.start,
    kvType: terms.sequence.shape.kvType,
  }
}
