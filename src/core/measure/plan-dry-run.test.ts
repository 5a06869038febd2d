import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { DryRunFile, DryRunPlan } from '#core/measure/dry-run-plan.ts'
import { deepenDryRun, planDryRun } from '#core/measure/plan-dry-run.ts'
import { sumOfLayers, tokenCosts } from '#core/measure/token-costs.ts'
import { shallowModel } from '#core/model/shallow-model.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'

const { models, speedModel } = shippedCatalogue
const desktop = whatIfMachine(['none'], 24)
/** The same memory behind two cores of unknown speed: whole models take too long there. */
const slow: Machine = {
  ...desktop,
  cpu: { ...desktop.cpu, physicalCores: 2, usableCores: 2 },
  memory: { ...desktop.memory, bandwidthBytesPerSecond: null },
}
const LLAMA_8B = 'meta-llama/Llama-3.1-8B-Instruct'
/** Layers are chosen anew for each of a hundred models: some seconds on a busy machine. */
const MANY_MODELS_MILLISECONDS = 60_000
const QUICK = { method: 'quick', streams: [] } as const
const FULL = { method: 'full', streams: [] } as const

const asked = (machine: Machine, modelId: string, change: Partial<PlanRequest> = {}) => {
  const request = cataloguePlan(machine, modelId, change)
  return { request, numbers: planNumbers(request, speedModel) }
}

/** Every model of which llama.cpp has a file that the machine holds. */
const fitting = models
  .filter(({ architecture }) => architecture.gguf !== null)
  .map(({ id }) => id)
  .filter((id) => asked(desktop, id).numbers.fit !== 'no')

const ofModel = ({ files }: DryRunPlan): readonly DryRunFile[] => files.filter(({ of }) => of === 'model')

function layerCount(plan: DryRunPlan, request: PlanRequest): number {
  return Math.max(...ofModel(plan).map(({ layers }) => layers?.length ?? request.model.architecture.layers))
}

/** Contexts whose steps ask for more tokens than there is room for, in words. */
function overflows(plan: DryRunPlan): readonly string[] {
  return plan.files.flatMap((file) =>
    file.contexts.flatMap(({ contextTokens, sequences, steps }) =>
      steps.flatMap((step) => {
        if (step.kind === 'prefill')
          return step.promptTokens <= contextTokens ? [] : [`prompt ${step.promptTokens} in ${contextTokens}`]
        // Each repetition leaves its token behind; a cache that is one too full is cleared only before the next.
        const most = step.depthTokens + step.repetitions + 1
        const fits = most <= contextTokens && step.streams <= sequences
        return fits ? [] : [`${most} tokens of ${step.streams} streams in ${sequences} x ${contextTokens}`]
      }),
    ),
  )
}

/** The claims that are false, each with the model it is about. */
function falseClaims(modelId: string, claims: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(claims).flatMap(([claim, isTrue]) => (isTrue ? [] : [`${modelId}: ${claim}`]))
}

const canStandFor = ({ model }: PlanRequest, layers: readonly number[]): boolean =>
  shallowModel(model, layers).architecture.layers === layers.length

/** What is wrong with a quick plan, and whether it has two depths. */
function quickPlanOf(machine: Machine, modelId: string) {
  const { request, numbers } = asked(machine, modelId)
  const plan = planDryRun(request, numbers, QUICK)
  const [first, second] = ofModel(plan)
  const general = falseClaims(modelId, {
    'it takes time': plan.expectedSeconds > 0,
    'it holds its file in memory': plan.memoryBytes > plan.fileBytes,
    'no context overflows': overflows(plan).length === 0,
    'at most two depths and one stand-in': ofModel(plan).length <= 2 && plan.files.length <= 3,
    'one file is whole': second !== undefined || first?.layers === null,
  })
  const few = first?.layers ?? []
  const more = second?.layers ?? []
  if (second === undefined) return { isWhole: true, wrong: general }
  const { decodeBytes } = tokenCosts(numbers)
  const kinds = (file: DryRunFile) =>
    file.contexts.flatMap(({ steps }) => steps.map(({ kind }) => kind)).join()
  const ofDepths = falseClaims(modelId, {
    'the depths differ': few.length < more.length,
    'neither is whole': more.length < request.model.architecture.layers,
    'both can stand for the model': canStandFor(request, few) && canStandFor(request, more),
    // Two depths tell of the rest only where the deeper one reads more.
    'the deeper reads more': sumOfLayers(decodeBytes, more) > sumOfLayers(decodeBytes, few),
    'the same is timed in both': kinds(first!) === kinds(second),
  })
  return { isWhole: false, wrong: [...general, ...ofDepths] }
}

describe.each([
  ['eight cores', desktop],
  ['two slow cores', slow],
])('a quick dry run on %s', (_name, machine) => {
  it(
    'is whole, or two depths of the model that can stand for it, for every model that fits',
    () => {
      const plans = fitting.map((modelId) => quickPlanOf(machine, modelId))
      expect(plans.flatMap(({ wrong }) => wrong)).toEqual([])
      expect(plans.length).toBeGreaterThan(60)
      expect(new Set(plans.map(({ isWhole }) => isWhole)).size).toBe(2)
    },
    MANY_MODELS_MILLISECONDS,
  )
})

describe('planDryRun', () => {
  it('times the attention apart where the context slows decoding down, and only there', () => {
    const kinds = (modelId: string) => {
      const { request, numbers } = asked(slow, modelId)
      return planDryRun(request, numbers, QUICK).files.map(({ of }) => of)
    }
    expect(kinds(LLAMA_8B)).toContain('attention')
    expect(kinds('BAAI/bge-m3')).not.toContain('attention')
  })

  it('decodes one stream and every number of streams that is wished for', () => {
    const { request, numbers } = asked(desktop, LLAMA_8B)
    const plan = planDryRun(request, numbers, { method: 'quick', streams: [4, 2, 4] })
    for (const { contexts } of ofModel(plan))
      expect(contexts[1]!.steps.map((step) => step.kind === 'decode' && step.streams)).toEqual([1, 2, 4])
    expect(overflows(plan)).toEqual([])
  })

  it('runs all layers in the asked context when it is to be full', () => {
    const wrong = fitting.flatMap((modelId) => {
      const { request, numbers } = asked(desktop, modelId, { contextTokens: 4096, users: 2 })
      const plan = planDryRun(request, numbers, FULL)
      const [file] = plan.files
      const [context] = file!.contexts
      return falseClaims(modelId, {
        'one whole file': plan.files.length === 1 && file!.layers === null,
        'the context that was asked for': context!.contextTokens === 4096 && context!.sequences === 2,
        'all memory of the plan': plan.memoryBytes >= numbers.totalBytes,
        'no context overflows': overflows(plan).length === 0,
      })
    })
    expect(wrong).toEqual([])
  })

  it(
    'never asks for more tokens than a context holds, whatever depth and context are asked for',
    () => {
      const method = fc.constantFrom('quick' as const, 'full' as const)
      const streams = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 })
      const context = fc.integer({ min: 256, max: 16_384 })
      const share = fc.double({ min: 0, max: 1, noNaN: true })
      fc.assert(
        fc.property(
          fc.constantFrom(...fitting),
          fc.constantFrom(desktop, slow),
          method,
          streams,
          context,
          share,
          (modelId, machine, how, many, contextTokens, depth) => {
            const depthTokens = Math.round(depth * contextTokens)
            const { request, numbers } = asked(machine, modelId, { contextTokens, depthTokens })
            expect(overflows(planDryRun(request, numbers, { method: how, streams: many }))).toEqual([])
          },
        ),
        { numRuns: 60 },
      )
    },
    MANY_MODELS_MILLISECONDS,
  )
})

describe('deepenDryRun', () => {
  it(
    'keeps the file that has run, and the slower it was the fewer layers come next',
    () => {
      let differing = 0
      const wrong = fitting.flatMap((modelId) => {
        const about = { ...asked(slow, modelId), wish: QUICK }
        const plan = planDryRun(about.request, about.numbers, QUICK)
        const plans = [0.5, 2].map((pace) => deepenDryRun(plan, pace, about))
        const [quicker, slower] = plans.map((each) => layerCount(each, about.request))
        if (quicker! > slower!) differing++
        const depths = plans.flatMap((each) =>
          ofModel(each).flatMap(({ layers }) => (layers ? [layers] : [])),
        )
        return falseClaims(modelId, {
          'no fewer layers where it was quicker': quicker! >= slower!,
          'the file that ran stays': plans.every(({ files }) => files[0] === plan.files[0]),
          'as many depths': plans.every((each) => ofModel(each).length === ofModel(plan).length),
          'no context overflows': plans.flatMap(overflows).length === 0,
          'each depth can stand for the model': depths.every((layers) => canStandFor(about.request, layers)),
        })
      })
      expect(wrong).toEqual([])
      expect(differing).toBeGreaterThan(10)
    },
    MANY_MODELS_MILLISECONDS,
  )

  it('changes nothing about a whole model', () => {
    const about = { ...asked(desktop, 'HuggingFaceTB/SmolLM2-135M-Instruct'), wish: QUICK }
    const plan = planDryRun(about.request, about.numbers, QUICK)
    expect(plan.files[0]!.layers).toBeNull()
    expect(deepenDryRun(plan, 0.1, about)).toBe(plan)
  })
})
