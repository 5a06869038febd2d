import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES, whatIfMachine } from '../../../test/what-if-machines.ts'
import { loadBytes, type PoolLoad } from '#core/placement/layout.ts'
import { between } from '#core/placement/plan-terms.ts'
import { applySimulation, gpuLayersOf, keyOfSimulation, simulationKey } from '#core/plan/apply-simulation.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { MemoryParts, PlanRequest } from '#core/plan/plan.ts'
import type { SimulatedMemory, Simulation } from '#core/plan/simulation.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const { models, speedModel } = shippedCatalogue
const LLAMA_8B = 'meta-llama/Llama-3.1-8B-Instruct'
const onCpu = cataloguePlan(whatIfMachine(['none'], 32), LLAMA_8B)
const onCard = cataloguePlan(whatIfMachine(['RTX 4090'], 64), LLAMA_8B)
const NOTHING: SimulatedMemory = { weightsBytes: 0, contextBytes: 0 }

/** What the allocator says of a plan, made up. */
function simulationOf(
  request: PlanRequest,
  numbers: PlanNumbers,
  memory: Partial<Pick<Simulation, 'host' | 'device'>>,
): Simulation {
  return {
    modelId: request.model.id,
    quantizationId: request.quantization.id,
    contextTokens: request.contextTokens,
    users: request.users,
    kvType: request.kvType,
    flashAttention: request.flashAttention ?? true,
    backend: numbers.candidate.layout.backend,
    gpuLayers: gpuLayersOf(numbers),
    host: NOTHING,
    device: NOTHING,
    engineRelease: 'v0.5.0',
    seconds: 0.2,
    ...memory,
  }
}

function simulated(request: PlanRequest, memory: Partial<Pick<Simulation, 'host' | 'device'>>) {
  const before = planNumbers(request, speedModel)
  const after = applySimulation(before, simulationOf(request, before, memory))
  return { before, after, plan: describePlan(request, after), estimated: describePlan(request, before) }
}

const sumOf = ({ weights, kvCache, compute, overhead }: MemoryParts): number =>
  weights.value + kvCache.value + compute.value + overhead.value
const basesOf = ({ weights, kvCache, compute, overhead, total }: MemoryParts) =>
  [weights, kvCache, compute, overhead, total].map(({ basis }) => basis)

/** 8192 cells of 8 heads of 128, keys and values in f16, in 32 layers: exactly 1 GiB. */
const KV_BYTES = gibibytesToBytes(1)
/** What llama.cpp v0.5.0 logs of Llama 3.1 8B Q4_K_M: 4685.30 MiB of weights; 300 MiB are for scratch here. */
const WEIGHTS_BYTES = mebibytesToBytes(4685.3)
const WHOLE = { weightsBytes: WEIGHTS_BYTES, contextBytes: KV_BYTES + mebibytesToBytes(300) }

describe('a simulation of a plan on the CPU', () => {
  const { plan, estimated, after } = simulated(onCpu, { host: WHOLE })

  it('puts llama.cpp’s own bytes in the place of weights and compute', () => {
    expect(plan.memory.weights.value).toBe(WEIGHTS_BYTES)
    expect(plan.memory.kvCache.value).toBe(KV_BYTES)
    expect(plan.memory.compute.value).toBe(mebibytesToBytes(300))
    expect(basesOf(plan.memory)).toEqual(['simulated', 'simulated', 'simulated', 'estimated', 'simulated'])
    expect(plan.memory.weights.low).toBeUndefined()
    expect(after.simulation?.engineRelease).toBe('v0.5.0')
  })

  it('leaves what the allocator does not account for as it was estimated, and adds up', () => {
    expect(plan.memory.overhead).toEqual(estimated.memory.overhead)
    expect(plan.memory.total.value).toBeCloseTo(sumOf(plan.memory), 0)
    expect(plan.memory.total.value).toBe(after.totalBytes)
    expect(plan.memory.budget).toEqual(estimated.memory.budget)
    expect(plan.decode).toEqual(estimated.decode)
  })

  it('narrows the interval to that of the overhead', () => {
    const width = ({ total }: MemoryParts) => total.high! - total.low!
    expect(width(plan.memory)).toBeLessThan(width(estimated.memory))
    expect(plan.memory.total.low!).toBeLessThan(plan.memory.total.value)
    expect(plan.memory.total.high!).toBeGreaterThan(plan.memory.total.value)
  })

  it('takes recurrent state, which is part of the overhead, out of the context', () => {
    const request = cataloguePlan(onCpu.machine, 'ibm-granite/granite-4.0-h-micro')
    const { terms, candidate } = planNumbers(request, speedModel)
    const state = between(terms.sequence.statePrefix, 0, terms.weights.layers)
    const cache = candidate.loads[0]!.kvCacheBytes
    expect(state).toBeGreaterThan(mebibytesToBytes(50))
    const contextBytes = cache + state + mebibytesToBytes(123)
    const { plan: hybrid } = simulated(request, { host: { weightsBytes: 2e9, contextBytes } })
    expect(hybrid.memory.compute.value).toBeCloseTo(mebibytesToBytes(123), 0)
  })
})

describe('a simulation of a plan on a GPU', () => {
  const host = { weightsBytes: mebibytesToBytes(281.8), contextBytes: mebibytesToBytes(24) }
  const { plan, estimated } = simulated(onCard, { device: WHOLE, host })
  const pool = (id: string, of = plan) => of.pools.find((each) => each.pool === id)!.memory

  it('gives the card what the device holds and RAM what the host holds', () => {
    expect(plan.placement).toMatchObject({ mode: 'gpu', gpuLayers: 33 })
    expect(pool('gpu:0').weights.value).toBe(WEIGHTS_BYTES)
    expect(pool('gpu:0').compute.value).toBeCloseTo(mebibytesToBytes(300), 0)
    expect(pool('ram').weights.value).toBe(host.weightsBytes)
    expect(pool('ram').compute.value).toBe(host.contextBytes)
    for (const id of ['gpu:0', 'ram']) {
      expect(basesOf(pool(id))).toEqual(['simulated', 'simulated', 'simulated', 'estimated', 'simulated'])
      expect(pool(id).overhead).toEqual(pool(id, estimated).overhead)
      expect(pool(id).total.value).toBeCloseTo(sumOf(pool(id)), 0)
    }
  })

  it('judges the plan by its card', () => {
    expect(plan.memory.total.value).toBeCloseTo(pool('gpu:0').total.value, 0)
    expect(plan.fit).toBe('fits')
  })

  it('shares the device’s bytes out over several cards', () => {
    const request = cataloguePlan(whatIfMachine(['2x RTX 3090'], 64), 'meta-llama/Llama-3.3-70B-Instruct')
    const device = { weightsBytes: gibibytesToBytes(39), contextBytes: gibibytesToBytes(4) }
    const { after } = simulated(request, { device })
    const cards = after.candidate.loads.filter(({ deviceBytes }) => deviceBytes > 0)
    const sum = (part: (load: PoolLoad) => number) => cards.reduce((all, load) => all + part(load), 0)
    expect(cards).toHaveLength(2)
    expect(sum((load) => load.weightsBytes)).toBeCloseTo(device.weightsBytes, 0)
    expect(sum((load) => load.kvCacheBytes + load.computeBytes)).toBeCloseTo(device.contextBytes, 0)
    for (const load of cards) expect(load.deviceBytes).toBeCloseTo(loadBytes(load), 0)
  })

  it('adds host and device up in memory that both share', () => {
    const request = cataloguePlan(WHAT_IF_MACHINES['M4 Max, 36 GB']!, LLAMA_8B)
    const { after } = simulated(request, { device: WHOLE, host })
    const [load] = after.candidate.loads
    expect(after.candidate.loads).toHaveLength(1)
    expect(load!.weightsBytes).toBeCloseTo(WEIGHTS_BYTES + host.weightsBytes, 0)
    expect(load!.deviceBytes).toBeLessThanOrEqual(loadBytes(load!))
  })
})

describe('a simulation that asks for more than there is', () => {
  it.each([
    ['on the CPU', onCpu, 'host'],
    ['on a GPU', { ...onCard, gpuLayers: 33 }, 'device'],
  ] as const)('makes the plan not fit %s, by what is lacking', (_where, request, kind) => {
    const huge = { weightsBytes: gibibytesToBytes(100), contextBytes: gibibytesToBytes(2) }
    const { before, after, plan } = simulated(request, { [kind]: huge })
    expect(before.fit).toBe('fits')
    expect(after.fit).toBe('no')
    expect(plan.fit).toBe('no')
    // Of 102 GiB no more than the 32 GiB of RAM or the 24 GiB of the card are there.
    expect(after.missingBytes).toBeGreaterThan(gibibytesToBytes(70))
    expect(plan.missingBytes).toBe(after.missingBytes)
  })

  it('makes a plan fit that only the estimate thought too large', () => {
    const request = { ...cataloguePlan(whatIfMachine(['none'], 8), LLAMA_8B), contextTokens: 32_768 }
    const { before, after } = simulated(request, {
      host: { weightsBytes: gibibytesToBytes(1), contextBytes: gibibytesToBytes(1) },
    })
    expect([before.fit, before.missingBytes > 0]).toEqual(['no', true])
    expect(after.missingBytes).toBe(0)
    expect(after.fit).not.toBe('no')
  })
})

describe('a simulation that says what the estimate says', () => {
  it('changes no byte', () => {
    const asked = fc.record({
      model: fc.constantFrom(...models.filter(({ architecture }) => architecture.gguf !== null)),
      contextTokens: fc.constantFrom(2048, 8192, 32_768),
      users: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(WHAT_IF_MACHINES)), asked, (machine, change) => {
        const request: PlanRequest = { ...onCpu, machine, ...change }
        const before = planNumbers(request, speedModel)
        // In memory that host and device share the estimate does not tell them apart.
        fc.pre(before.candidate.loads.every((load) => [0, loadBytes(load)].includes(load.deviceBytes)))
        const { terms, candidate } = before
        const { start } = candidate.layout
        const state = terms.sequence.statePrefix
        const of = (onDevice: boolean, stateBytes: number): SimulatedMemory => {
          const loads = candidate.loads.filter(({ deviceBytes }) => deviceBytes > 0 === onDevice)
          const sum = (part: (load: PoolLoad) => number) => loads.reduce((all, load) => all + part(load), 0)
          return {
            weightsBytes: sum((load) => load.weightsBytes),
            contextBytes: stateBytes + sum((load) => load.kvCacheBytes + load.computeBytes),
          }
        }
        const host = of(false, between(state, 0, start))
        const device = of(true, between(state, start, terms.weights.layers))
        const after = applySimulation(before, simulationOf(request, before, { host, device }))
        expect(after.totalBytes / before.totalBytes).toBeCloseTo(1, 6)
        expect(after.candidate.loads.every((load) => load.simulated === true)).toBe(true)
        after.candidate.loads.forEach((load, at) => {
          const { weightsBytes, computeBytes } = candidate.loads[at]!
          // A kibibyte: sums of tens of gibibytes are shared out and round.
          expect(Math.abs(load.weightsBytes - weightsBytes)).toBeLessThan(1024)
          expect(Math.abs(load.computeBytes - computeBytes)).toBeLessThan(1024)
        })
        expect(Math.abs(after.missingBytes - before.missingBytes)).toBeLessThan(1024)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the key of a simulation', () => {
  const numbers = planNumbers(onCard, speedModel)
  const key = keyOfSimulation(simulationOf(onCard, numbers, {}))

  it('is that of the plan it was made for', () => {
    expect(simulationKey(onCard, numbers)).toBe(key)
    // Asked for outright or worked out, the layers lie the same.
    const fixed = { ...onCard, gpuLayers: 33, flashAttention: true }
    expect(simulationKey(fixed, planNumbers(fixed, speedModel))).toBe(key)
  })

  it.each<[string, Partial<PlanRequest>]>([
    ['layers', { gpuLayers: 20 }],
    ['context', { contextTokens: 4096 }],
    ['cache type', { kvType: 'q8_0' }],
    ['users', { users: 2 }],
    ['flash attention', { flashAttention: false }],
    ['backend', { backend: 'cpu' }],
    ['format', { quantization: cataloguePlan(onCard.machine, LLAMA_8B, { format: 'Q8_0' }).quantization }],
    ['model', { model: cataloguePlan(onCard.machine, 'Qwen/Qwen3-8B').model }],
  ])('is another for other %s', (_what, change) => {
    const other = { ...onCard, ...change }
    expect(simulationKey(other, planNumbers(other, speedModel))).not.toBe(key)
  })

  it('does not depend on what speed is timed at', () => {
    const deeper = { ...onCard, depthTokens: 7000 }
    expect(simulationKey(deeper, planNumbers(deeper, speedModel))).toBe(key)
  })
})
