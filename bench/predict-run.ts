/** What the shipped speed functions say about a measured run. */
import type { Backend } from '#core/machine/machine.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import { prefillSecondsPerToken } from '#core/speed/prefill-seconds.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import type { ResolvedRun } from './speed-runs.ts'

/** The plan of a run; LocalScore runs under coefficients that carry what llamafile 0.9 adds. */
export function planOfRun(resolved: ResolvedRun, speedModel: SpeedModel): PlanNumbers {
  return planNumbers(
    resolved.request,
    resolved.isLocalScore ? localScoreModel(resolved, speedModel) : speedModel,
  )
}

/** Tokens a second for the run's own prompt length; `NaN` where the run states none. */
export function prefillOfRun(resolved: ResolvedRun, numbers: PlanNumbers): number {
  const { promptTokens } = resolved.run
  if (promptTokens === undefined) return Number.NaN
  return 1 / prefillSecondsPerToken(numbers.terms, numbers.candidate.layout, promptTokens)
}

const variants = new WeakMap<SpeedModel, Map<Backend, SpeedModel>>()

function localScoreModel(resolved: ResolvedRun, speedModel: SpeedModel): SpeedModel {
  let ofModel = variants.get(speedModel)
  if (!ofModel) variants.set(speedModel, (ofModel = new Map()))
  const backend = resolved.run.backend as Backend
  let variant = ofModel.get(backend)
  if (!variant) ofModel.set(backend, (variant = slowedDown(speedModel, backend)))
  return variant
}

/** t = factor · (weights + cache + fixedFactor · fixed): reading slower by the factor, fixed times by both. */
function slowedDown(speedModel: SpeedModel, backend: Backend): SpeedModel {
  const { factor, fixedFactor } = speedModel.localScore[backend] ?? { factor: 1, fixedFactor: 1 }
  const fixed = factor * fixedFactor
  const { decode } = speedModel
  return {
    ...speedModel,
    decode: {
      ...decode,
      classes: mapValues(decode.classes, (coefficients) => ({
        ...coefficients,
        bandwidthShare: coefficients.bandwidthShare / factor,
        layerSeconds: coefficients.layerSeconds * fixed,
      })),
      bandwidthShareLimit: decode.bandwidthShareLimit / factor,
      operationsPerWeight: mapValues(decode.operationsPerWeight, (operations) => operations * factor),
      expertLayerSeconds: mapValues(decode.expertLayerSeconds, (seconds) => seconds * fixed),
      kvBandwidthShare: mapValues(decode.kvBandwidthShare, (share) => share / factor),
      recurrentLayerSeconds: decode.recurrentLayerSeconds * fixed,
      perLayerEmbeddingSeconds: decode.perLayerEmbeddingSeconds * fixed,
      latentLayerSeconds: decode.latentLayerSeconds * fixed,
    },
  }
}

function mapValues<K extends string, V>(
  values: Readonly<Record<K, V>>,
  change: (value: V) => V,
): Readonly<Record<K, V>> {
  const entries = Object.entries<V>(values).map(([key, value]) => [key, change(value)] as const)
  return Object.fromEntries(entries) as Record<K, V>
}
