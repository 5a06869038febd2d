import type { RunPrediction } from '#core/chat/run-prediction.ts'
import { compareSmokeTests } from '#core/smoke/compare-smoke-tests.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'

/** A smoke test beside what was said of the model before. */
export interface SmokeOutcome {
  readonly record: SmokeRecord
  readonly prediction: RunPrediction | null
  /** Why there is none. */
  readonly noPrediction: string | null
  /** Its speeds are kept as a measurement that estimates lean on. */
  readonly isMeasurement: boolean
}

/** `smoke --json`. */
export function smokeJson(outcomes: readonly SmokeOutcome[]) {
  const [first, second] = outcomes
  return {
    passed: outcomes.every(({ record }) => record.passed),
    tests: outcomes.map(({ noPrediction, prediction, record }) => ({
      ...record,
      predicted:
        prediction === null
          ? null
          : {
              modelId: prediction.modelId,
              matchedBy: prediction.matchedBy,
              decode: prediction.decode,
              prefill: prediction.prefill,
              memory: prediction.memory,
            },
      notPredicted: noPrediction,
    })),
    comparison:
      first === undefined || second === undefined ? null : compareSmokeTests(first.record, second.record),
  }
}
