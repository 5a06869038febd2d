import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dryRunProgress } from '#backend/llama/dry-run-progress.ts'
import type { RunUpdate } from '#backend/llama/engine-job.ts'
import type { MeasureUpdate } from '#contract/measuring.ts'
import type { DryRunPlan } from '#core/measure/dry-run-plan.ts'
import { deepenDryRun, planDryRun } from '#core/measure/plan-dry-run.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'

type Update = RunUpdate | { readonly kind: 'writing' }

const machine = whatIfMachine(['none'], 24)
const slow = {
  ...machine,
  cpu: { ...machine.cpu, physicalCores: 2, usableCores: 2 },
  memory: { ...machine.memory, bandwidthBytesPerSecond: null },
}
const request = cataloguePlan(slow, 'meta-llama/Llama-3.1-8B-Instruct')
const about = {
  request,
  numbers: planNumbers(request, shippedCatalogue.speedModel),
  wish: { method: 'quick', streams: [2] } as const,
}
const plan = planDryRun(request, about.numbers, about.wish)
const { layers } = request.model.architecture

/** Everything the engine says of one file, in its order. */
function updatesOf({ files }: DryRunPlan, file: number, seconds = 0.1): readonly Update[] {
  const loading = [0.2, 0.7, 1].map((fraction): Update => ({ kind: 'loading', fraction }))
  const steps = files[file]!.contexts.flatMap((context, contextAt) =>
    context.steps.flatMap(({ expectedSeconds, repetitions }, step): readonly Update[] => [
      { kind: 'step', context: contextAt, step, expectedSeconds },
      ...Array.from({ length: repetitions }, (): Update => {
        return { kind: 'repetition', context: contextAt, step, seconds, residentBytes: 5e8 }
      }),
    ]),
  )
  return [{ kind: 'writing' }, ...loading, { kind: 'loaded' }, ...steps]
}

/** What is said of a whole run whose plan changes when its first file has run. */
function told(pace: number | null): readonly MeasureUpdate[] {
  let now = plan
  const progress = dryRunProgress(() => now, layers)
  const said: MeasureUpdate[] = []
  for (let file = 0; file < now.files.length; file++) {
    if (file === 1 && pace !== null) now = deepenDryRun(plan, pace, about)
    for (const update of updatesOf(now, file)) said.push(progress(file, update))
  }
  return said
}

describe('dryRunProgress', () => {
  it('goes through two depths and the attention', () => {
    expect(plan.files.map(({ of }) => of)).toEqual(['model', 'model', 'attention'])
  })

  it('never falls, ends just below the whole, and knows the time left, also when the plan changes', () => {
    fc.assert(
      fc.property(fc.option(fc.double({ min: 0.1, max: 10, noNaN: true })), (pace) => {
        const said = told(pace)
        const fractions = said.map(({ fraction }) => fraction)
        expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
        expect(fractions[0]).toBe(0)
        // A hundred percent is for the answer itself.
        expect(fractions.at(-1)).toBe(0.99)
        for (const { secondsLeft } of said) {
          expect(Number.isFinite(secondsLeft)).toBe(true)
          expect(secondsLeft).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('expects what the plan expects before anything has happened', () => {
    const progress = dryRunProgress(() => plan, layers)
    const { secondsLeft, sample, residentBytes } = progress(0, { kind: 'writing' })
    // Half a second for each of the three files is added to loading, and the start is left out of it.
    expect(secondsLeft).toBeGreaterThan(plan.expectedSeconds - 2)
    expect(secondsLeft).toBeLessThan(plan.expectedSeconds + 2)
    expect([sample, residentBytes]).toEqual([null, null])
  })

  it('moves on with every repetition', () => {
    const progress = dryRunProgress(() => plan, layers)
    const fractions = updatesOf(plan, 0).map((update) => progress(0, update).fraction)
    const decoding = fractions.slice(6, 6 + 12)
    expect(new Set(decoding).size).toBe(12)
  })

  it('names the stage', () => {
    const stages = told(null).map(({ stage }) => stage)
    const changes = stages.filter((stage, at) => stage !== stages[at - 1])
    expect(changes.slice(0, 4)).toEqual(['writing', 'loading', 'decode', 'prefill'])
    expect(changes.at(-1)).toBe('decode')
  })

  it('shows each repetition as a speed of the layers that ran, and none of the stand-in', () => {
    const progress = dryRunProgress(() => plan, layers)
    const repetition = (file: number, context: number, step: number) =>
      progress(file, { kind: 'repetition', context, step, seconds: 0.05, residentBytes: 7e8 })
    const few = plan.files[0]!.layers!.length
    expect(repetition(0, 0, 0)).toMatchObject({
      residentBytes: 7e8,
      // One token in 0.05 seconds.
      sample: { kind: 'decode', layers: few, depthTokens: 0, streams: 1, tokensPerSecond: 20 },
    })
    // A prompt of 128 tokens in 0.05 seconds; two streams of a token each.
    expect(repetition(0, 0, 1).sample).toMatchObject({ kind: 'prefill', tokensPerSecond: 2560 })
    expect(repetition(0, 1, 1).sample).toMatchObject({ kind: 'decode', streams: 2, tokensPerSecond: 40 })
    expect(repetition(2, 0, 0).sample).toBeNull()
  })

  it('counts all layers of a file that keeps them all', () => {
    const whole: DryRunPlan = { ...plan, files: [{ ...plan.files[0]!, layers: null }] }
    const update = { kind: 'repetition', context: 0, step: 0, seconds: 1, residentBytes: 1 } as const
    expect(dryRunProgress(() => whole, layers)(0, update).sample?.layers).toBe(layers)
  })
})
