import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { isDisturbed } from '#core/measure/disturbance.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { Measurement, Measurements } from '#core/measure/measurement.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { CalibrationPoint, CalibrationRun } from '#core/speed/calibration.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/**
 * The speed model as what was measured on this machine corrects it: on a machine like this one, by its fingerprint, every
 * estimate then leans on the measurements; on any other, and where nothing was measured, it says what it always says.
 */
export function calibrateSpeedModel(
  catalogue: Pick<Catalogue, 'models' | 'quantizations' | 'speedModel'>,
  machine: Machine,
  measurements: Measurements,
): SpeedModel {
  const { speedModel } = catalogue
  const fingerprint = machineFingerprint(machine)
  const speed = measurements.machines.find(
    (each) => each.machine === fingerprint && each.engine.backend === 'cpu' && !isDisturbed(each),
  )
  const host = speed === undefined ? null : { speed }
  // The runs correct what the formulas say with the machine's own rates, so these come first.
  const withHost: SpeedModel =
    host === null ? speedModel : { ...speedModel, calibration: { machine: fingerprint, runs: [], host } }
  const runs = measurements.runs
    .filter((run) => run.machine === fingerprint)
    .flatMap((run) => calibrationRun(run, machine, { ...catalogue, speedModel: withHost }) ?? [])
  if (host === null && runs.length === 0) return speedModel
  return { ...speedModel, calibration: { machine: fingerprint, runs, host } }
}

/** A measurement beside its estimates; null where the catalogue no longer knows what was measured. */
function calibrationRun(
  measurement: Measurement,
  machine: Machine,
  catalogue: Pick<Catalogue, 'models' | 'quantizations' | 'speedModel'>,
): CalibrationRun | null {
  const { plan, engine } = measurement
  const request = measuredRequest(measurement, machine, catalogue)
  if (request === null) return null
  const point = (
    tokens: number,
    streams: number,
    speed: { tokensPerSecond: number; lowTokensPerSecond: number; highTokensPerSecond: number },
    estimatedSeconds: number,
  ): CalibrationPoint[] =>
    Number.isFinite(estimatedSeconds)
      ? [
          {
            tokens,
            streams,
            seconds: 1 / speed.tokensPerSecond,
            lowSeconds: 1 / speed.highTokensPerSecond,
            highSeconds: 1 / speed.lowTokensPerSecond,
            estimatedSeconds,
          },
        ]
      : []
  return {
    architecture: request.model.architecture,
    quantization: request.quantization,
    backend: engine.backend,
    gpuLayers: plan.gpuLayers,
    kvType: plan.kvType,
    measuredAt: measurement.measuredAt,
    disturbed: isDisturbed(measurement),
    decode: measurement.decode.flatMap((speed) => {
      const { depthTokens, streams } = speed
      const numbers = planNumbers({ ...request, depthTokens, users: streams }, catalogue.speedModel)
      return point(depthTokens, streams, speed, streams / numbers.throughputTokensPerSecond)
    }),
    prefill: measurement.prefill.flatMap((speed) => {
      const numbers = planNumbers(request, catalogue.speedModel)
      return point(speed.promptTokens, 1, speed, 1 / numbers.prefillTokensPerSecond)
    }),
  }
}

/** The plan of a measurement as it is asked today, on the machine that is here. */
export function measuredRequest(
  { plan, engine }: Measurement,
  machine: Machine,
  { models, quantizations }: Pick<Catalogue, 'models' | 'quantizations'>,
): PlanRequest | null {
  const model = models.find(({ id }) => id === plan.modelId)
  const quantization = quantizations.find(({ id }) => id === plan.quantizationId)
  if (model === undefined || quantization === undefined) return null
  return {
    machine,
    model,
    quantization,
    contextTokens: plan.contextTokens,
    users: 1,
    kvType: plan.kvType,
    engine: 'llama.cpp',
    backend: engine.backend,
    gpuLayers: plan.gpuLayers,
    flashAttention: plan.flashAttention,
  }
}
