import type { RunUpdate } from '#backend/llama/engine-job.ts'
import type { MeasureSample, MeasureStage, MeasureUpdate } from '#contract/measuring.ts'
import type { DryRunPlan, DryRunStep } from '#core/measure/dry-run-plan.ts'

/**
 * Turns what the engine says into how far the dry run is, by the seconds each part was expected to take. `planNow` is
 * asked each time, because a plan may change while it runs.
 */
export function dryRunProgress(planNow: () => DryRunPlan, layersOfModel: number) {
  const startedAt = performance.now()
  let fraction = 0
  let residentBytes: number | null = null
  const repetitionsDone = new Map<string, number>()

  return (file: number, update: RunUpdate | { readonly kind: 'writing' }): MeasureUpdate => {
    const plan = planNow()
    const parts = partsOf(plan)
    const all = parts.reduce((sum, { seconds }) => sum + seconds, 0)
    const sample = update.kind === 'repetition' ? sampleOf(plan, file, update, layersOfModel) : null
    if (update.kind === 'repetition') residentBytes = update.residentBytes
    fraction = Math.max(fraction, Math.min(0.99, doneBy(parts, file, update, repetitionsDone) / all))
    const elapsed = (performance.now() - startedAt) / 1000
    // The first percents say little about how long the rest takes.
    const secondsLeft = fraction < 0.05 ? Math.max(0, all - elapsed) : (elapsed / fraction) * (1 - fraction)
    return { stage: stageOf(plan, file, update), fraction, secondsLeft, residentBytes, sample }
  }
}

interface Part {
  readonly key: string
  readonly seconds: number
  readonly repetitions: number
}

function partsOf(plan: DryRunPlan): readonly Part[] {
  return plan.files.flatMap((file, at) => [
    { key: `${at} load`, seconds: 0.5 + file.loadSeconds, repetitions: 1 },
    ...file.contexts.flatMap((context, contextAt) =>
      context.steps.map((step, stepAt) => ({
        key: `${at} ${contextAt} ${stepAt}`,
        seconds: step.expectedSeconds,
        repetitions: step.repetitions,
      })),
    ),
  ])
}

/** Expected seconds of everything that is behind us. */
function doneBy(
  parts: readonly Part[],
  file: number,
  update: RunUpdate | { readonly kind: 'writing' },
  repetitionsDone: Map<string, number>,
): number {
  const key =
    update.kind === 'step' || update.kind === 'repetition'
      ? `${file} ${update.context} ${update.step}`
      : `${file} load`
  if (update.kind === 'repetition') repetitionsDone.set(key, (repetitionsDone.get(key) ?? 0) + 1)
  const at = parts.findIndex((part) => part.key === key)
  const before = parts.slice(0, at).reduce((sum, { seconds }) => sum + seconds, 0)
  const part = parts[at]!
  const share = update.kind === 'loading' ? update.fraction : update.kind === 'loaded' ? 1 : 0
  return before + part.seconds * Math.max(share, (repetitionsDone.get(key) ?? 0) / part.repetitions)
}

function stepOf(plan: DryRunPlan, file: number, context: number, step: number): DryRunStep {
  return plan.files[file]!.contexts[context]!.steps[step]!
}

function stageOf(
  plan: DryRunPlan,
  file: number,
  update: RunUpdate | { readonly kind: 'writing' },
): MeasureStage {
  if (update.kind === 'writing') return 'writing'
  if (update.kind === 'loading' || update.kind === 'loaded') return 'loading'
  return stepOf(plan, file, update.context, update.step).kind
}

function sampleOf(
  plan: DryRunPlan,
  file: number,
  { context, step, seconds }: RunUpdate & { readonly kind: 'repetition' },
  layersOfModel: number,
): MeasureSample | null {
  const { of, layers } = plan.files[file]!
  // The stand-in's speed is of no model.
  if (of === 'attention') return null
  const timed = stepOf(plan, file, context, step)
  const isDecode = timed.kind === 'decode'
  return {
    kind: timed.kind,
    layers: layers?.length ?? layersOfModel,
    depthTokens: isDecode ? timed.depthTokens : 0,
    streams: isDecode ? timed.streams : 1,
    tokensPerSecond: (isDecode ? timed.streams : timed.promptTokens) / seconds,
  }
}
