import type { MeasureJob, Measuring } from '#backend/llama/measuring.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { MeasurePreview } from '#contract/measuring.ts'
import type { Backend } from '#core/machine/machine.ts'
import { measuredFigures } from '#core/measure/measured-figures.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { KvType } from '#core/quant/quantization.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import { untilCancelled } from '../cancel-signal.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { followProgress } from '../follow-progress.ts'
import { measureJson } from '../json/measure-json.ts'
import type { MeasuredOutcome } from '../json/measure-json.ts'
import { keepMeasurement } from '../kept-measurements.ts'
import { openSession } from '../open-session.ts'
import type { Session } from '../open-session.ts'
import { planRequest } from '../plan-request.ts'
import { measureProgressText, previewText } from '../text/measure-progress-text.ts'
import { checkBackend } from '../this-machine.ts'

export interface MeasureOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly quant?: string
  readonly context?: number
  readonly kv?: KvType
  readonly users?: number
  readonly gpuLayers?: number | 'auto' | 'all'
  readonly depth?: number
  readonly backend?: Backend
  readonly quick?: boolean
  readonly streams?: readonly number[]
  readonly force?: boolean
}

/** Together with one alone: what a small team does at once. A quick run times one only. */
const USUAL_STREAMS = { full: [1, 2, 4, 8], quick: [1] } as const

function jobOf(modelName: string, options: MeasureOptions, { machine, catalogue }: Session): MeasureJob {
  checkBackend(options.backend, machine, catalogue.accelerators)
  const method = options.quick === true ? 'quick' : 'full'
  return {
    request: planRequest({ ...options, model: modelName, engine: 'llama.cpp' }, machine, catalogue),
    catalogue,
    method,
    streams: options.streams ?? USUAL_STREAMS[method],
    force: options.force === true,
  }
}

/** Says what the run will take before it takes it; what would harm the machine is not started unless it is forced. */
function announce(job: MeasureJob, preview: MeasurePreview, context: CliContext): void {
  const { refusal } = preview
  if (refusal !== null && !(refusal.canForce && job.force)) {
    throw new InhouseError({
      code: 'MEASURE_REFUSED',
      message: refusal.message,
      nextStep: refusal.canForce
        ? `${refusal.nextStep} Or run it all the same, with --force.`
        : refusal.nextStep,
    })
  }
  context.writeError(`${previewText(job, preview)}\n`)
}

/** Of the plan as measured: at the very depth, by the speed model given. */
function estimateOf(request: PlanRequest, depthTokens: number | null, speedModel: SpeedModel) {
  const asked = depthTokens === null ? request : { ...request, depthTokens }
  return describePlan(asked, planNumbers(asked, speedModel))
}

function outcomeOf(request: PlanRequest, session: Session, measurement: Measurement): MeasuredOutcome {
  const plan = describePlan(request, planNumbers(request, session.shippedSpeedModel))
  const figures = measuredFigures(measurement, plan.depthTokens)
  const { catalogue, shippedSpeedModel } = session
  const isCalibrated = catalogue.speedModel.calibration !== undefined
  return {
    model: request.model,
    plan,
    measurement,
    figures,
    predicted: estimateOf(request, figures.decodeDepthTokens, shippedSpeedModel),
    calibrated: isCalibrated ? estimateOf(request, figures.decodeDepthTokens, catalogue.speedModel) : null,
  }
}

async function measured(
  modelName: string,
  options: MeasureOptions,
  { context, measuring }: { readonly context: CliContext; readonly measuring: Measuring },
): Promise<MeasuredOutcome> {
  return untilCancelled(async (signal) => {
    const session = await openSession({}, context)
    const job = jobOf(modelName, options, session)
    announce(job, await measuring.preview(job), context)
    signal.throwIfAborted()
    const measurement = await followProgress(measuring.run(job, signal), context, measureProgressText)
    await keepMeasurement(measurement, context)
    return outcomeOf(job.request, session, measurement)
  })
}

/** `inhouse measure MODEL`. */
export async function measure(
  modelName: string,
  options: MeasureOptions,
  context: CliContext,
): Promise<void> {
  const { createMeasuring } = await import('#backend/llama/measuring.ts')
  const measuring = createMeasuring(context)
  let outcome: MeasuredOutcome
  try {
    outcome = await measured(modelName, options, { context, measuring })
  } finally {
    measuring.close()
  }
  if (options.json === true) return writeJson(context, measureJson(outcome))
  const { measureText } = await import('../text/measure-text.ts')
  await context.write(measureText(outcome, { style: context.style, explain: options.explain === true }))
}
