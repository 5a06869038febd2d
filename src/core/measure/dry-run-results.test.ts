import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import { warmUpRepetitions, type DryRunFile, type DryRunPlan } from '#core/measure/dry-run-plan.ts'
import { dryRunResults, type DryRunSeconds } from '#core/measure/dry-run-results.ts'
import { planDryRun } from '#core/measure/plan-dry-run.ts'
import { sumOfLayers, tokenCosts } from '#core/measure/token-costs.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'

const { speedModel } = shippedCatalogue
const LLAMA_8B = 'meta-llama/Llama-3.1-8B-Instruct'
const machine = whatIfMachine(['none'], 24)
const slow = {
  ...machine,
  cpu: { ...machine.cpu, physicalCores: 2, usableCores: 2 },
  memory: { ...machine.memory, bandwidthBytesPerSecond: null },
}

function quick(modelId: string) {
  const request = cataloguePlan(slow, modelId)
  const numbers = planNumbers(request, speedModel)
  const plan = planDryRun(request, numbers, { method: 'quick', streams: [] })
  return { request, numbers, plan, costs: tokenCosts(numbers) }
}

/** The same duration for every repetition, by file and step. */
function durations(plan: DryRunPlan, secondsOf: (file: DryRunFile, step: number) => number): DryRunSeconds {
  return plan.files.map((file) =>
    file.contexts.map(({ steps }) =>
      steps.map(({ repetitions }, at) => Array.from({ length: repetitions }, () => secondsOf(file, at))),
    ),
  )
}

/** A plan by hand: one file of the whole model that decodes at no depth. */
function handmade(repetitions: number): DryRunPlan {
  const step = { kind: 'decode', depthTokens: 0, streams: 1, repetitions, expectedSeconds: 1 } as const
  const contexts = [{ contextTokens: 1024, sequences: 1, steps: [step] }]
  const file = { of: 'model', layers: null, loadSeconds: 1, contexts } as const
  return { files: [file], expectedSeconds: 1, memoryBytes: 1, fileBytes: 1 }
}

describe('dryRunResults', () => {
  it.each([LLAMA_8B, 'Qwen/Qwen3-14B', 'google/gemma-3-12b-it', 'Qwen/Qwen3-30B-A3B'])(
    'gives back exactly what %s takes, where time grows with the bytes of the layers',
    (modelId) => {
      const { request, numbers, plan, costs } = quick(modelId)
      expect(plan.files.filter(({ of }) => of === 'model')).toHaveLength(2)
      const positive = fc.double({ min: 1e-4, max: 1, noNaN: true })
      fc.assert(
        fc.property(positive, fc.double({ min: 1e-11, max: 1e-8, noNaN: true }), (fixed, perByte) => {
          const taken = (layers: readonly number[] | null) =>
            fixed + perByte * sumOfLayers(costs.decodeBytes, layers)
          const seconds = durations(plan, ({ of, layers }, step) =>
            of === 'model' ? taken(layers) * (step === 0 ? 1 : 20) : 0.001,
          )
          const results = dryRunResults(plan, seconds, { request, numbers })
          const [short, deep] = results.decode
          expect(short!.tokensPerSecond * taken(null)).toBeCloseTo(1, 6)
          // The attention was as quick over a full cache as over an empty one: it adds nothing.
          expect(deep!.tokensPerSecond).toBeCloseTo(short!.tokensPerSecond, 9)
          for (const { promptTokens, tokensPerSecond } of results.prefill)
            expect((tokensPerSecond * taken(null) * 20) / promptTokens).toBeCloseTo(1, 6)
        }),
        { numRuns: 25 },
      )
    },
  )

  it.each([
    // By hand, seconds of a token attended to times tokens attended to at 4096 tokens (half of 8192).
    [LLAMA_8B, 32 * 4096],
    ['google/gemma-3-12b-it', 8 * 4096 + 40 * 1024],
  ])('slows %s down by what its attention alone took', (modelId, attended) => {
    const { request, numbers, plan, costs } = quick(modelId)
    // A tenth of a second for the whole model, shared out by the bytes of its layers.
    const taken = (layers: readonly number[] | null) =>
      (0.1 * sumOfLayers(costs.decodeBytes, layers)) / sumOfLayers(costs.decodeBytes, null)
    const standIn = plan.files.find(({ of }) => of === 'attention')!
    const [, filled] = standIn.contexts[0]!.steps
    const depth = filled!.kind === 'decode' ? filled!.depthTokens : Number.NaN
    const perToken = 3e-8
    // Two layers of the stand-in read every token of its cache.
    const seconds = durations(plan, ({ of, layers }, step) =>
      of === 'model' ? taken(layers) : 0.002 + (step === 1 ? 2 * depth * perToken : 0),
    )
    const { decode } = dryRunResults(plan, seconds, { request, numbers })
    const [short, deep] = decode
    expect([short!.depthTokens, deep!.depthTokens]).toEqual([0, 4096])
    expect(short!.tokensPerSecond).toBeCloseTo(10, 9)
    expect(1 / deep!.tokensPerSecond).toBeCloseTo(0.1 + attended * perToken, 9)
  })

  it('never takes a stand-in that was quicker over a full cache for a gain', () => {
    const { request, numbers, plan } = quick(LLAMA_8B)
    const seconds = durations(plan, ({ of, layers }, step) =>
      of === 'model' ? 0.01 * layers!.length : 0.002 - 0.001 * step,
    )
    const [short, deep] = dryRunResults(plan, seconds, { request, numbers }).decode
    expect(deep!.tokensPerSecond).toBe(short!.tokensPerSecond)
  })

  it('gives no figure where more layers took no longer than fewer: that is no measurement of the whole', () => {
    const about = quick(LLAMA_8B)
    const [shallow] = about.plan.files
    const seconds = durations(about.plan, (file) => (file === shallow ? 0.2 : 0.1))
    expect(dryRunResults(about.plan, seconds, about)).toEqual({ decode: [], prefill: [] })
  })

  it('does not count the repetitions that warm up', () => {
    const { request, numbers } = quick(LLAMA_8B)
    const of = (all: readonly number[]) =>
      dryRunResults(handmade(all.length), [[[all]]], { request, numbers }).decode[0]!
    const speeds = [0.1, 0.1, 0.1, 0.1]
    expect(of([9, 5, ...speeds])).toMatchObject({ tokensPerSecond: 10, repetitions: 4 })
    expect(of([9, ...speeds.slice(1)])).toMatchObject({ tokensPerSecond: 10, repetitions: 3 })
    expect(of([0.5])).toMatchObject({ tokensPerSecond: 2, repetitions: 1 })
  })

  it('says the spread as speeds: the 10th and 90th percentile of seconds, turned', () => {
    const { request, numbers } = quick(LLAMA_8B)
    const counted = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1]
    const [speed] = dryRunResults(handmade(13), [[[[9, 9, ...counted]]]], { request, numbers }).decode
    expect(speed!.tokensPerSecond).toBeCloseTo(1 / 0.6, 9)
    expect(speed!.lowTokensPerSecond).toBeCloseTo(1 / 1, 9)
    expect(speed!.highTokensPerSecond).toBeCloseTo(1 / 0.2, 9)
  })

  it('keeps low, median and high in order, whatever was timed', () => {
    const about = quick(LLAMA_8B)
    const [shallow] = about.plan.files
    const seed = fc.array(fc.double({ min: 1e-5, max: 10, noNaN: true }), { minLength: 20, maxLength: 60 })
    fc.assert(
      fc.property(seed, (pool) => {
        let at = 0
        // The deeper file is slower in every case: the pool spans six orders of magnitude.
        const seconds = durations(
          about.plan,
          (file) => pool[at++ % pool.length]! * (file === shallow ? 1 : 1e7),
        )
        const { decode, prefill } = dryRunResults(about.plan, seconds, about)
        expect(decode.length + prefill.length).toBeGreaterThan(2)
        for (const speed of [...decode, ...prefill]) {
          expect(speed.lowTokensPerSecond).toBeGreaterThan(0)
          expect(speed.lowTokensPerSecond / speed.tokensPerSecond).toBeLessThanOrEqual(1 + 1e-9)
          expect(speed.highTokensPerSecond / speed.tokensPerSecond).toBeGreaterThanOrEqual(1 - 1e-9)
        }
      }),
    )
  })
})

describe('warmUpRepetitions', () => {
  it('always leaves at least one repetition, and takes at most two', () => {
    expect([1, 2, 4, 5, 48].map(warmUpRepetitions)).toEqual([0, 1, 1, 2, 2])
  })
})
