import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { calibrateSpeedModel, measuredRequest } from '#core/measure/calibrate-speed-model.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { DecodeSpeed, Measurement, Measurements } from '#core/measure/measurement.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** One measured decode speed beside what was predicted of it. */
export interface PredictedAgainstMeasured {
  readonly measurement: Measurement
  readonly modelName: string
  readonly quantizationId: string
  /** By the formulas alone. */
  readonly predictedTokensPerSecond: number
  /** Corrected by the other measurements, never by its own; null where there are none. */
  readonly calibratedTokensPerSecond: number | null
  readonly measured: DecodeSpeed
}

/** Every measurement of this machine beside its predictions, for one stream at the depth nearest to empty. */
export function predictedAgainstMeasured(
  measurements: Measurements,
  machine: Machine,
  catalogue: Catalogue,
): readonly PredictedAgainstMeasured[] {
  const fingerprint = machineFingerprint(machine)
  const here = measurements.runs.filter((run) => run.machine === fingerprint)
  return here.flatMap((measurement): PredictedAgainstMeasured[] => {
    const request = measuredRequest(measurement, machine, catalogue)
    const measured = measurement.decode
      .filter(({ streams }) => streams === 1)
      .toSorted((a, b) => a.depthTokens - b.depthTokens)[0]
    if (request === null || measured === undefined) return []
    const predict = (speedModel: SpeedModel) =>
      planNumbers({ ...request, depthTokens: measured.depthTokens }, speedModel).decodeTokensPerSecond
    const predicted = predict(catalogue.speedModel)
    if (!Number.isFinite(predicted)) return []
    const others = here.filter((run) => run.plan.modelId !== measurement.plan.modelId)
    const known = others.length > 0 || measurements.machines.some((each) => each.machine === fingerprint)
    const calibrated = calibrateSpeedModel(catalogue, machine, { ...measurements, runs: others })
    return [
      {
        measurement,
        modelName: request.model.name,
        quantizationId: request.quantization.id,
        predictedTokensPerSecond: predicted,
        calibratedTokensPerSecond: known ? predict(calibrated) : null,
        measured,
      },
    ]
  })
}
