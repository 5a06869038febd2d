import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES, whatIfMachine } from '../../../test/what-if-machines.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { planLadder } from '#core/plan/plan-ladder.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'

const { models, quantizations, speedModel } = shippedCatalogue
const llamaFormats = quantizations.filter((each) => each.engines.includes('llama.cpp'))

function request(machine: Machine, change: Partial<PlanRequest> = {}): PlanRequest {
  return {
    machine,
    model: models.find((each) => each.id === 'meta-llama/Llama-3.1-8B-Instruct')!,
    quantization: quantizations.find((each) => each.id === 'Q4_K_M')!,
    contextTokens: 8192,
    users: 1,
    kvType: 'f16',
    engine: 'llama.cpp',
    ...change,
  }
}

const rtx4090 = WHAT_IF_MACHINES['RTX 4090']!

describe('evaluatePlan', () => {
  it('gives every number its unit, basis, interval and source', () => {
    const plan = evaluatePlan(request(rtx4090, { users: 4 }), speedModel)
    const figures: readonly MaybeFigure[] = [
      plan.fileBytes,
      plan.memory.weights,
      plan.memory.total,
      plan.decode,
      plan.prefill,
      plan.throughput,
      plan.timeToFirstToken,
    ]
    for (const figure of figures) {
      if (figure.value === null) throw new Error(figure.reason)
      expect(figure.basis).toBe('estimated')
      expect(figure.source.length).toBeGreaterThan(10)
      expect(figure.low!).toBeLessThan(figure.value)
      expect(figure.high!).toBeGreaterThan(figure.value)
    }
  })

  it('says the same as the numbers rankings use and the ladder shows, to the last digit', () => {
    const arbitrary = fc.record({
      model: fc.constantFrom(...models),
      quantization: fc.constantFrom(...llamaFormats),
      contextTokens: fc.constantFrom(4096, 8192, 32_768),
      users: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(WHAT_IF_MACHINES)), arbitrary, (machine, change) => {
        const asked = request(machine, change)
        const plan = evaluatePlan(asked, speedModel)
        const numbers = planNumbers(asked, speedModel)
        const [cell] = planLadder(asked, [asked.quantization], [asked.contextTokens], speedModel)
        expect(plan.memory.total.value).toBe(numbers.totalBytes)
        expect(plan.fit).toBe(numbers.fit)
        const speed = Number.isFinite(numbers.decodeTokensPerSecond) ? numbers.decodeTokensPerSecond : null
        expect(plan.decode.value).toBe(speed)
        if (cell)
          expect([cell.totalBytes, cell.fit, cell.missingBytes, cell.decodeTokensPerSecond]).toEqual([
            plan.memory.total.value,
            plan.fit,
            plan.missingBytes,
            speed,
          ])
        const parts = plan.memory
        const sum = parts.weights.value + parts.kvCache.value + parts.compute.value + parts.overhead.value
        expect(parts.total.value).toBeCloseTo(sum, 0)
        const onCards = plan.placement.mode === 'gpu' || plan.placement.mode === 'multi-gpu'
        const pools = plan.pools.filter((pool) => !onCards || pool.pool !== 'ram')
        const ofPools = pools.reduce((total, pool) => total + pool.memory.total.value, 0)
        expect(parts.total.value).toBeCloseTo(ofPools, 0)
        expect(parts.budget.value).toBeCloseTo(
          pools.reduce((total, pool) => total + pool.memory.budget.value, 0),
          0,
        )
      }),
      { numRuns: 200 },
    )
  })

  it('does not guess a speed where neither memory speed nor cores are known', () => {
    const machine = whatIfMachine(['none'], 32)
    const unknown: Machine = {
      ...machine,
      cpu: { ...machine.cpu, physicalCores: null, logicalCores: null, usableCores: null },
      memory: { ...machine.memory, bandwidthBytesPerSecond: null },
    }
    const { decode } = evaluatePlan(request(unknown), speedModel)
    expect(decode).toMatchObject({ value: null, reason: expect.stringMatching(/^[a-z].* known$/) })
  })

  it('doubts a speed that rests on a guessed memory speed more', () => {
    const machine = whatIfMachine(['none'], 32)
    const guessed = { ...machine, memory: { ...machine.memory, bandwidthBytesPerSecond: null } }
    const width = (asked: Machine) => {
      const { decode } = evaluatePlan(request(asked), speedModel)
      return decode.value === null ? 0 : decode.high! / decode.low!
    }
    expect(width(guessed)).toBeGreaterThan(width(machine))
    expect(evaluatePlan(request(guessed), speedModel).notes.join()).toContain('number of CPU cores')
  })

  it.each([
    [{ useReserve: true }, 'reserve'],
    [{ kvType: 'q8_0', flashAttention: false }, 'flash attention'],
    [{ contextTokens: 200_000 }, 'at most 131072 tokens'],
    [{ gpuLayers: 10 }, 'run on the CPU'],
    [{ engine: 'vllm' }, 'not a format of vllm'],
  ] as const)('%o is worth a note', (change, words) => {
    expect(evaluatePlan(request(rtx4090, change), speedModel).notes.join('\n')).toContain(words)
  })

  it('tells tight from fits', () => {
    const vram = (gibibytes: number) =>
      evaluatePlan(request(whatIfMachine(['RTX 4090'], 64, gibibytes), { gpuLayers: 33 }), speedModel).fit
    // About 6.0 GiB on the card, of which the reserve takes 256 to 500 MiB more.
    expect([vram(5), vram(6.5), vram(24)]).toEqual(['no', 'tight', 'fits'])
  })
})

describe('planLadder', () => {
  it('covers every quantization and every context the model was made for', () => {
    const cells = planLadder(request(rtx4090), llamaFormats, [4096, 131_072, 1_000_000], speedModel)
    expect(cells).toHaveLength(llamaFormats.length * 2)
    const q8 = cells.filter((cell) => cell.quantization === 'Q8_0')
    expect(q8[1]!.totalBytes).toBeGreaterThan(q8[0]!.totalBytes)
    for (const cell of cells) expect(cell.missingBytes === 0 || cell.spareBytes === 0).toBe(true)
  })
})
