/** What the shipped speed functions say about a measured run. */
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

const variants = new WeakMap<SpeedModel, Map<string, SpeedModel>>()

function localScoreModel(resolved: ResolvedRun, speedModel: SpeedModel): SpeedModel {
  let ofModel = variants.get(speedModel)
  if (!ofModel) variants.set(speedModel, (ofModel = new Map()))
  const backend = resolved.run.backend as 'cuda'
  let variant = ofModel.get(backend)
  if (!variant) ofModel.set(backend, (variant = slowedDown(speedModel, backend)))
  return variant
}

/** t = factor · (weights + cache + fixedFactor · fixed): reading slower by the factor, fixed times by both. */
function slowedDown(speedModel: SpeedModel, backend: 'cuda'): SpeedModel {
  const slow = speedModel.localScore[backend] ?? { factor: 1, fixedFactor: 1 }
  const fixed = slow.factor * slow.fixedFactor
  const { decode } = speedModel
  const classes = Object.entries(decode.classes).map(([name, coefficients]) => [
    name,
    { ...coefficients, layerSeconds: coefficients.layerSeconds * fixed },
  ])
  const scaled = (seconds: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(seconds).map(([name, value]) => [name, value * fixed]))
  const perFactor = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value / slow.factor]))
  return {
    ...speedModel,
    decode: {
      ...decode,
      classes: Object.fromEntries(
        classes.map(([name, c]) => {
          const coefficients = c as (typeof decode.classes)['metal']
          return [
            name as string,
            { ...coefficients, bandwidthShare: coefficients.bandwidthShare / slow.factor },
          ]
        }),
      ) as typeof decode.classes,
      operationsPerWeight: scaledBy(
        decode.operationsPerWeight,
        slow.factor,
      ) as typeof decode.operationsPerWeight,
      bandwidthShareLimit: decode.bandwidthShareLimit / slow.factor,
      expertLayerSeconds: scaled(decode.expertLayerSeconds) as typeof decode.expertLayerSeconds,
      kvBandwidthShare: perFactor(decode.kvBandwidthShare) as typeof decode.kvBandwidthShare,
      recurrentLayerSeconds: decode.recurrentLayerSeconds * fixed,
      perLayerEmbeddingSeconds: decode.perLayerEmbeddingSeconds * fixed,
      latentLayerSeconds: decode.latentLayerSeconds * fixed,
    },
  }
}

function scaledBy(
  values: Readonly<Record<string, number>>,
  factor: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * factor]))
}
