import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { madeUpMachineSpeed, madeUpMeasurement } from '../../../test/made-up-measurement.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import { calibrateSpeedModel } from '#core/measure/calibrate-speed-model.ts'
import type { Measurement, Measurements } from '#core/measure/measurement.ts'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

const { models, quantizations, speedModel } = shippedCatalogue
const machine = whatIfMachine(['none'], 32)
const withCard = whatIfMachine(['RTX 4090'], 64)
const LLAMA_8B = 'meta-llama/Llama-3.1-8B-Instruct'
const QWEN_14B = 'Qwen/Qwen3-14B'
const llama = cataloguePlan(machine, LLAMA_8B)
const qwen = cataloguePlan(machine, QWEN_14B)

const withRuns = (...runs: readonly Measurement[]): Measurements => ({ runs, machines: [], smokes: [] })
const calibrated = (measurements: Measurements, on = machine) =>
  calibrateSpeedModel(shippedCatalogue, on, measurements)
const decode = (request: PlanRequest, by: SpeedModel, depthTokens: number) =>
  planNumbers({ ...request, depthTokens }, by).decodeTokensPerSecond

describe('calibrateSpeedModel', () => {
  it('says what it always says where nothing was measured', () => {
    expect(calibrated({ runs: [], machines: [], smokes: [] })).toBe(speedModel)
  })

  it('takes nothing from another machine', () => {
    const other = whatIfMachine(['none'], 64)
    const elsewhere: Measurements = {
      runs: [madeUpMeasurement(cataloguePlan(other, LLAMA_8B), 3)],
      machines: [madeUpMachineSpeed(other)],
      smokes: [],
    }
    expect(calibrated(elsewhere)).toBe(speedModel)
    // Nor does a model that is corrected for this machine say anything else of another.
    const here = calibrated(withRuns(madeUpMeasurement(llama, 3)))
    const there = cataloguePlan(other, LLAMA_8B)
    expect(decode(there, here, 0)).toBe(decode(there, speedModel, 0))
    expect(decode(llama, here, 0)).not.toBe(decode(llama, speedModel, 0))
  })

  it('gives a measured plan back as it was measured, at its depths and near them', () => {
    const measurement = madeUpMeasurement(llama, 1.37)
    const model = calibrated(withRuns(measurement))
    for (const { depthTokens, tokensPerSecond } of measurement.decode) {
      expect(decode(llama, model, depthTokens) / tokensPerSecond).toBeCloseTo(1, 9)
      const near = evaluatePlan({ ...llama, depthTokens: depthTokens + 200 }, model).decode
      expect(near.value === null ? near.reason : near.basis).toBe('measured')
    }
    const [{ tokensPerSecond: prompt }] = measurement.prefill as [Measurement['prefill'][0]]
    expect(planNumbers(llama, model).prefillTokensPerSecond / prompt).toBeCloseTo(1, 9)
  })

  it('takes the seconds of a measured plan between its depths in proportion', () => {
    const [empty, full] = madeUpMeasurement(llama, 1).decode
    const deeper = { ...full!, tokensPerSecond: full!.tokensPerSecond / 3 }
    const model = calibrated(withRuns(madeUpMeasurement(llama, 1, { decode: [empty!, deeper] })))
    for (const share of [0.25, 0.5, 0.75]) {
      const seconds = 1 / decode(llama, model, 4096 * share)
      const expected = (1 - share) / empty!.tokensPerSecond + share / deeper.tokensPerSecond
      expect(seconds / expected).toBeCloseTo(1, 6)
    }
  })

  it('holds for what was measured only: another cache type is an estimate again', () => {
    const model = calibrated(withRuns(madeUpMeasurement(llama, 1.3)))
    const basis = (change: Partial<PlanRequest>) => {
      const figure = evaluatePlan({ ...llama, depthTokens: 0, ...change }, model).decode
      return figure.value === null ? figure.reason : figure.basis
    }
    expect(basis({})).toBe('measured')
    expect(basis({ kvType: 'q8_0' })).not.toBe('measured')
    expect(basis({ depthTokens: 8000 })).not.toBe('measured')
  })

  it.each([1.2, 0.7])('moves the estimate of another model by what one measurement was off: %d', (faster) => {
    const model = calibrated(withRuns(madeUpMeasurement(llama, faster)))
    // Nothing else is known of the machine, so all of it is believed.
    expect(decode(qwen, model, 0) / decode(qwen, speedModel, 0)).toBeCloseTo(faster, 6)
    const prompts = (by: SpeedModel) => planNumbers(qwen, by).prefillTokensPerSecond
    expect(prompts(model) / prompts(speedModel)).toBeCloseTo(faster, 6)
  })

  it('believes the more alike of two measurements more', () => {
    const request = cataloguePlan(machine, QWEN_14B)
    const alike = madeUpMeasurement(cataloguePlan(machine, LLAMA_8B), 1.4)
    const unlike = madeUpMeasurement(cataloguePlan(machine, 'Qwen/Qwen3-30B-A3B', { format: 'Q8_0' }), 0.7)
    const moved = decode(request, calibrated(withRuns(alike, unlike)), 0) / decode(request, speedModel, 0)
    // The middle of two is the heavier one.
    expect(moved).toBeCloseTo(1.4, 6)
  })

  it('does not correct the GPU by what was measured on the CPU', () => {
    const onCard = cataloguePlan(withCard, LLAMA_8B)
    const onCpu = cataloguePlan(withCard, QWEN_14B, { backend: 'cpu' })
    const model = calibrated(withRuns(madeUpMeasurement(onCpu, 3)), withCard)
    expect(decode(onCard, model, 0)).toBe(decode(onCard, speedModel, 0))
    expect(decode(onCpu, model, 0)).not.toBe(decode(onCpu, speedModel, 0))
  })

  it('leans on the machine’s own rates until a model was measured', () => {
    const model = calibrated({ runs: [], machines: [madeUpMachineSpeed(machine)], smokes: [] })
    const figure = evaluatePlan({ ...llama, depthTokens: 0 }, model).decode
    // 4.58 GB of Llama 3.1 8B at 40 to 50 GB/s and 32 layers of 20 microseconds: between 8.6 and 10.8 a second.
    expect(figure.value).toBeGreaterThan(8.5)
    expect(figure.value).toBeLessThan(10.9)
    expect(calibrated({ runs: [], machines: [madeUpMachineSpeed(withCard)], smokes: [] })).toBe(speedModel)
  })

  it('forgets a model or a format that the catalogue no longer has', () => {
    const { plan } = madeUpMeasurement(llama, 2)
    const gone = (change: Partial<Measurement['plan']>) =>
      calibrated(withRuns(madeUpMeasurement(llama, 2, { plan: { ...plan, ...change } })))
    expect(gone({ modelId: 'nobody/Gone-1B' })).toBe(speedModel)
    expect(gone({ quantizationId: 'Q17_X' })).toBe(speedModel)
  })

  it('never makes a speed infinite, negative or unknown that was known before', () => {
    const format = fc.constantFrom('Q4_K_M', 'Q8_0', 'F16', 'Q2_K')
    const named = fc.constantFrom(...models.filter(({ architecture }) => architecture.gguf !== null))
    const run = fc
      .record({ named, format, faster: fc.double({ min: 1e-3, max: 1e3, noNaN: true }) })
      .map(({ named: { id }, format: ofRun, faster }) =>
        madeUpMeasurement(cataloguePlan(machine, id, { format: ofRun }), faster),
      )
    const machines = fc.constantFrom([], [madeUpMachineSpeed(machine)])
    const asked = fc.record({
      model: fc.constantFrom(...models),
      quantization: fc.constantFrom(...quantizations.filter((each) => each.engines.includes('llama.cpp'))),
      users: fc.integer({ min: 1, max: 4 }),
      contextTokens: fc.constantFrom(512, 8192, 65_536),
    })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 5 }), machines, asked, (runs, own, change) => {
        const request = { ...llama, ...change }
        const before = planNumbers(request, speedModel)
        const after = planNumbers(request, calibrated({ runs, machines: own, smokes: [] }))
        for (const speed of [
          'decodeTokensPerSecond',
          'prefillTokensPerSecond',
          'throughputTokensPerSecond',
        ] as const) {
          expect(Number.isFinite(before[speed])).toBe(true)
          expect(Number.isFinite(after[speed])).toBe(true)
          expect(after[speed]).toBeGreaterThan(0)
        }
        expect(after.totalBytes).toBe(before.totalBytes)
      }),
      { numRuns: 150 },
    )
  })
})
