import type { Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { Measurements } from '#core/measure/measurement.ts'
import type { PredictedAgainstMeasured } from '#core/measure/predicted-against-measured.ts'
import type { Model } from '#core/model/model.ts'

/** What was measured, and what was said of it on the machine that is here. */
export interface MeasurementsView {
  readonly measurements: Measurements
  readonly machine: Machine
  readonly models: readonly Model[]
  readonly compared: readonly PredictedAgainstMeasured[]
}

/** `measurements --json`: the records as they are kept and exported, and the predictions of those of this machine. */
export function measurementsJson({ measurements, machine, compared }: MeasurementsView) {
  return {
    machine: machineFingerprint(machine),
    runs: measurements.runs,
    machines: measurements.machines,
    smokes: measurements.smokes,
    predicted: compared.map(
      ({ measurement, measured, predictedTokensPerSecond, calibratedTokensPerSecond }) => ({
        id: measurement.id,
        depthTokens: measured.depthTokens,
        predictedTokensPerSecond,
        calibratedTokensPerSecond,
        measuredTokensPerSecond: measured.tokensPerSecond,
      }),
    ),
  }
}
