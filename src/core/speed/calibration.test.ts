import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { madeUpMachineSpeed } from '../../../test/made-up-measurement.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import {
  correctionOf,
  type CalibratedPlan,
  type Calibration,
  type CalibrationPoint,
  type CalibrationRun,
} from '#core/speed/calibration.ts'

const { models, quantizations } = shippedCatalogue
const architectureOf = (id: string) => models.find((each) => each.id === id)!.architecture
const format = (id: string) => quantizations.find((each) => each.id === id)!

const DENSE = architectureOf('meta-llama/Llama-3.1-8B-Instruct')
const OTHER_DENSE = architectureOf('Qwen/Qwen3-14B')
const MIXTURE = architectureOf('Qwen/Qwen3-30B-A3B')
const HYBRID = architectureOf('ibm-granite/granite-4.0-h-micro')

const plan: CalibratedPlan = {
  architecture: DENSE,
  quantization: format('Q4_K_M'),
  backend: 'cpu',
  gpuLayers: 0,
  kvType: 'f16',
}

function point(tokens: number, factor: number, more: Partial<CalibrationPoint> = {}): CalibrationPoint {
  const seconds = 0.1 * factor
  return {
    tokens,
    streams: 1,
    seconds,
    lowSeconds: seconds * 0.9,
    highSeconds: seconds * 1.2,
    estimatedSeconds: 0.1,
    ...more,
  }
}

function run(factor: number, change: Partial<CalibrationRun> = {}): CalibrationRun {
  return {
    ...plan,
    measuredAt: '2026-01-01T00:00:00Z',
    disturbed: false,
    decode: [point(0, factor)],
    prefill: [],
    ...change,
  }
}

const calibration = (...runs: readonly CalibrationRun[]): Calibration => ({
  machine: 'a machine',
  runs,
  host: null,
})
const correct = (runs: readonly CalibrationRun[], tokens = 0, streams = 1) =>
  correctionOf(calibration(...runs), plan, 'decode', { tokens, streams })

/** How much of the say a run has whose factor is e against one whose factor is 1: the logarithm of their mean. */
function say(one: Partial<CalibrationRun>, other: Partial<CalibrationRun>): number {
  return Math.log(correct([run(Math.E, one), run(1, other)], 100_000)!.factor)
}

describe('a plan that was measured', () => {
  const measured = run(2, { decode: [point(0, 2), point(4000, 4)] })

  it.each([
    // Up to 256 tokens beyond what was measured count as measured.
    [0, 'measured', 2],
    [4000, 'measured', 4],
    [4256, 'measured', 4],
    [1000, 'measured', 2.5],
    [2000, 'measured', 3],
    // Farther out the nearest depth of the same plan is all there is, as an estimate.
    [4257, 'calibrated', 4],
    [30_000, 'calibrated', 4],
  ] as const)('at %i tokens is %s, %d times as slow', (tokens, kind, factor) => {
    const correction = correct([measured], tokens)!
    expect(correction.kind).toBe(kind)
    expect(correction.factor).toBeCloseTo(factor, 9)
  })

  it('counts as measured as far below its first depth too', () => {
    const deep = run(3, { decode: [point(1000, 3)] })
    expect(correct([deep], 744)).toMatchObject({ kind: 'measured', measurements: 1 })
    expect(correct([deep], 743)!.kind).toBe('calibrated')
  })

  it('takes seconds, not factors, in proportion where the estimates differ', () => {
    const uneven = run(1, { decode: [point(0, 1), point(4000, 6, { estimatedSeconds: 0.2 })] })
    // Half way: (0.1 + 0.6) / 2 seconds against an estimate of (0.1 + 0.2) / 2.
    expect(correct([uneven], 2000)!.factor).toBeCloseTo(0.35 / 0.15, 9)
  })

  it('has the spread of its repetitions', () => {
    expect(correct([measured])).toMatchObject({ low: 1.8, high: 2.4 })
  })

  it('says of other numbers of streams only what an estimate can', () => {
    expect(correct([measured], 0, 4)!.kind).toBe('calibrated')
    const four = run(2, { decode: [point(0, 2), point(16, 5, { streams: 4 })] })
    expect(correct([four], 16, 4)).toMatchObject({ kind: 'measured', factor: 5 })
    expect(correct([four], 16, 3)!.factor).toBeCloseTo(5, 9)
  })

  it.each<[string, Partial<CalibrationRun>]>([
    ['cache type', { kvType: 'q8_0' }],
    ['number of layers on the GPU', { gpuLayers: 4 }],
    ['format', { quantization: format('Q8_0') }],
    ['model', { architecture: OTHER_DENSE }],
  ])('is another plan with another %s', (_what, change) => {
    expect(correct([run(2, change)])!.kind).toBe('calibrated')
  })
})

describe('how much a measurement of another plan counts', () => {
  it.each<[string, Partial<CalibrationRun>, Partial<CalibrationRun>]>([
    [
      'the same format more than another',
      { architecture: OTHER_DENSE },
      { architecture: OTHER_DENSE, quantization: format('Q8_0') },
    ],
    [
      'a format of the same group more than one of another',
      { architecture: OTHER_DENSE, quantization: format('Q4_K_S') },
      { architecture: OTHER_DENSE, quantization: format('F16') },
    ],
    ['the same model more than another', {}, { architecture: OTHER_DENSE }],
    [
      'another model in the same format more than the same model in a far one',
      { architecture: OTHER_DENSE },
      { quantization: format('F16') },
    ],
    ['a dense model more than a mixture', { architecture: OTHER_DENSE }, { architecture: MIXTURE }],
    ['plain attention more than a hybrid', { architecture: OTHER_DENSE }, { architecture: HYBRID }],
  ])('%s', (_what, nearer, farther) => {
    const nearerSay = say(nearer, farther)
    expect(nearerSay).toBeGreaterThan(0.5)
    // All say is shared out, whichever comes first.
    expect(nearerSay + say(farther, nearer)).toBeCloseTo(1, 9)
  })

  it('is nothing across backends', () => {
    expect(correct([run(2, { backend: 'cuda' })])).toBeNull()
  })

  it('is nothing where other programs disturbed it', () => {
    const disturbed = run(9, { architecture: OTHER_DENSE, disturbed: true })
    expect(correct([disturbed])).toBeNull()
    expect(correct([disturbed, run(2, { architecture: MIXTURE })])!.factor).toBeCloseTo(2, 9)
  })

  it('lies between what the measurements say, and names how many and the newest', () => {
    const others = fc.array(
      fc.record({
        architecture: fc.constantFrom(OTHER_DENSE, MIXTURE, HYBRID),
        quantization: fc.constantFrom(...quantizations),
        factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
        year: fc.integer({ min: 2024, max: 2030 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(others, fc.integer({ min: 0, max: 50_000 }), (all, tokens) => {
        const runs = all.map(({ factor, year, ...change }) =>
          run(factor, { ...change, measuredAt: `${year}-01-01` }),
        )
        const { factor, low, high, kind, measurements, measuredAt } = correct(runs, tokens)!
        const factors = all.map((each) => each.factor)
        expect(factor / Math.min(...factors)).toBeGreaterThan(1 - 1e-9)
        expect(factor / Math.max(...factors)).toBeLessThan(1 + 1e-9)
        expect(low).toBeLessThan(factor)
        expect(high).toBeGreaterThan(factor)
        expect([kind, measurements]).toEqual(['calibrated', all.length])
        expect(measuredAt).toBe(`${Math.max(...all.map(({ year }) => year))}-01-01`)
      }),
    )
  })
})

describe('a machine whose own rates were measured', () => {
  const host = { speed: madeUpMachineSpeed(whatIfMachine(['none'], 32)) }

  it('leaves the formulas as they are, on the CPU alone', () => {
    const own: Calibration = { machine: 'a machine', runs: [], host }
    const at = { tokens: 0, streams: 1 }
    expect(correctionOf(own, plan, 'decode', at)).toMatchObject({
      kind: 'calibrated',
      factor: 1,
      measurements: 0,
      measuredAt: host.speed.measuredAt,
    })
    expect(correctionOf(own, { ...plan, backend: 'cuda' }, 'decode', at)).toBeNull()
  })

  it('gives way to measured plans', () => {
    const both: Calibration = { machine: 'a machine', runs: [run(2)], host }
    const at = { tokens: 0, streams: 1 }
    expect(correctionOf(both, plan, 'decode', at)!.factor).toBe(2)
    // No prompt was measured: of prompts only the rates speak.
    expect(correctionOf(both, plan, 'prefill', at)).toMatchObject({ factor: 1, measurements: 0 })
  })
})
