import type { MaybeFigure } from '#core/figure/figure.ts'
import { decodeFigure, prefillFigure, type MeasuredFigures } from '#core/measure/measured-figures.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { predictedAccelerator, predictedRam } from '#core/measure/predicted-memory.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'

/** A dry run beside what was said of it before. */
export interface MeasuredOutcome {
  readonly model: Model
  /** The plan that ran. */
  readonly plan: PlanEvaluation
  readonly measurement: Measurement
  readonly figures: MeasuredFigures
  /** By the formulas alone, at the depth that was measured. */
  readonly predicted: PlanEvaluation
  /** Corrected by what had been measured before; null where nothing had. */
  readonly calibrated: PlanEvaluation | null
}

function runsJson(measurement: Measurement) {
  const decode = measurement.decode.map((speed) => ({
    kind: 'decode' as const,
    depthTokens: speed.depthTokens,
    streams: speed.streams,
    speed: decodeFigure(speed, measurement),
    repetitions: speed.repetitions,
  }))
  const prefill = measurement.prefill.map((speed) => ({
    kind: 'prefill' as const,
    promptTokens: speed.promptTokens,
    speed: prefillFigure(speed, measurement),
    repetitions: speed.repetitions,
  }))
  return [...decode, ...prefill]
}

function speedsJson({ decode, prefill }: PlanEvaluation): {
  readonly decode: MaybeFigure
  readonly prefill: MaybeFigure
} {
  return { decode, prefill }
}

/** `measure --json`. */
export function measureJson({ model, plan, measurement, figures, predicted, calibrated }: MeasuredOutcome) {
  const { placement } = plan
  return {
    id: measurement.id,
    measuredAt: measurement.measuredAt,
    method: measurement.method,
    machineName: measurement.machineName,
    engine: measurement.engine,
    plan: {
      model: { id: model.id, name: model.name, license: model.license },
      quantization: plan.quantizationId,
      contextTokens: plan.contextTokens,
      users: plan.users,
      kvType: plan.kvType,
      depthTokens: plan.depthTokens,
      placement: {
        mode: placement.mode,
        backend: placement.backend,
        gpuLayers: placement.gpuLayers,
        totalLayers: placement.totalLayers,
        acceleratorIndices: placement.acceleratorIndices,
      },
      fileBytes: plan.fileBytes,
    },
    decode: figures.decode,
    prefill: figures.prefill,
    memory: { ...figures.memory, buffers: measurement.memory?.buffers ?? null },
    runs: runsJson(measurement),
    othersBusyProcessors: measurement.othersBusyProcessors,
    took: figures.took,
    predicted: {
      ...speedsJson(predicted),
      resident: predictedRam(predicted),
      accelerator: predictedAccelerator(predicted),
      fileBytes: predicted.fileBytes,
    },
    calibrated: calibrated === null ? null : speedsJson(calibrated),
  }
}
