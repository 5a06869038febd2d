import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES, whatIfMachine } from '../../../test/what-if-machines.ts'
import type { Machine } from '#core/machine/machine.ts'
import { memoryPools } from '#core/machine/memory-pools.ts'
import { loadBytes } from '#core/placement/layout.ts'
import { upperLoadBytes } from '#core/plan/memory-bounds.ts'
import { planNumbers, workingLoads, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { Fit, PlanRequest } from '#core/plan/plan.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

const { models, quantizations, speedModel } = shippedCatalogue

function request(
  model: string,
  quantization: string,
  machine: Machine,
  change: Partial<PlanRequest> = {},
): PlanRequest {
  const found = models.find((each) => each.id === model)
  const format = quantizations.find((each) => each.id === quantization)
  if (!found || !format) throw new Error(`no ${model} at ${quantization}`)
  return {
    machine,
    model: found,
    quantization: format,
    contextTokens: 8192,
    users: 1,
    kvType: 'f16',
    engine: 'llama.cpp',
    ...change,
  }
}

function plan(
  model: string,
  quantization: string,
  machine: Machine,
  change: Partial<PlanRequest> = {},
): PlanNumbers {
  return planNumbers(request(model, quantization, machine, change), speedModel)
}

const LLAMA_8B = 'meta-llama/Llama-3.1-8B-Instruct'
const LLAMA_70B = 'meta-llama/Llama-3.3-70B-Instruct'
const QWEN_MOE = 'Qwen/Qwen3-30B-A3B'
const GPT_OSS = 'openai/gpt-oss-120b'

function machineNamed(name: string): Machine {
  const machine = WHAT_IF_MACHINES[name]
  if (!machine) throw new Error(`no machine ${name}`)
  return machine
}

describe('how a plan fits', () => {
  it.each([
    // 3 % of a pool stay free beyond the upper bound of the estimate (docs/speed-model.md).
    [1.04, 'fits'],
    [1.02, 'tight'],
  ])('with a budget of %d times the upper bound of its need: %s', (room, expected) => {
    const whole = machineNamed('RTX 4090')
    const [load] = workingLoads(plan(LLAMA_8B, 'Q4_K_M', whole).candidate)
    const [card] = memoryPools(whole, { useReserve: false })
    if (load === undefined || card === undefined) throw new Error('no card in the plan')
    const freeBytes = upperLoadBytes(load) * room + card.reserveBytes
    const busy = {
      ...whole,
      accelerators: whole.accelerators.map((each) => ({ ...each, freeBytes })),
    }
    // All layers asked for on the card: what does not fit there must not go elsewhere.
    expect(plan(LLAMA_8B, 'Q4_K_M', busy, { gpuLayers: 33 }).fit).toBe(expected)
  })
})

describe('where a plan goes', () => {
  it.each([
    [LLAMA_8B, 'Q4_K_M', machineNamed('RTX 4090'), 'gpu', 33],
    [LLAMA_70B, 'Q4_K_M', machineNamed('2x RTX 3090'), 'multi-gpu', 81],
    [GPT_OSS, 'MXFP4', whatIfMachine(['RTX 4090'], 128), 'experts-in-ram', 37],
    [LLAMA_8B, 'Q4_K_M', machineNamed('M4 Max, 36 GB'), 'unified', 33],
    [LLAMA_8B, 'Q4_K_M', machineNamed('16 GB, CPU only'), 'cpu', 0],
  ] as const)('%s at %s', (model, quantization, machine, mode, gpuLayers) => {
    const numbers = plan(model, quantization, machine)
    const { layout } = numbers.candidate
    expect(layout.mode).toBe(mode)
    expect(layout.shares.length === 0 ? 0 : numbers.terms.weights.layers + 1 - layout.start).toBe(gpuLayers)
    expect(numbers.fit).not.toBe('no')
  })

  it('keeps the first layers of a model too large for the card in RAM', () => {
    const { candidate, terms } = plan(LLAMA_70B, 'Q4_K_M', machineNamed('RTX 4090'))
    expect(candidate.layout.mode).toBe('partial')
    expect(candidate.layout.start).toBeGreaterThan(30)
    expect(candidate.layout.start).toBeLessThan(terms.weights.layers)
  })

  it('gives unequal cards unequal shares', () => {
    const { candidate } = plan(
      LLAMA_70B,
      'Q3_K_M',
      whatIfMachine(['RTX 4090', 'RTX 3060 12GB', 'RTX 3060 12GB'], 64),
    )
    expect(candidate.layout.mode).toBe('multi-gpu')
    const layers = candidate.layout.shares.map((share) => share.to - share.from)
    expect(layers[0]).toBeGreaterThan(1.5 * layers[1]!)
    expect(candidate.missingBytes).toBe(0)
  })

  it('combines cards of different makers only under Vulkan', () => {
    const mixed = whatIfMachine(['RTX 3090', 'RX 7900 XTX'], 16)
    const { candidate } = plan(LLAMA_70B, 'Q4_K_S', mixed)
    expect(candidate.layout.mode).toBe('multi-gpu')
    expect(candidate.layout.backend).toBe('vulkan')
    expect(plan(LLAMA_8B, 'Q4_K_M', mixed).candidate.layout.shares).toHaveLength(1)
  })

  it('counts layers as llama.cpp does when the user sets them', () => {
    const machine = machineNamed('RTX 4090')
    const of = (gpuLayers: number) => plan(LLAMA_8B, 'Q4_K_M', machine, { gpuLayers }).candidate.layout
    expect([of(0).mode, of(1).start, of(20).start, of(33).mode, of(99).mode]).toEqual([
      'cpu',
      32,
      13,
      'gpu',
      'gpu',
    ])
  })

  it('obeys a forced backend', () => {
    const machine = machineNamed('RTX 4090')
    expect(plan(LLAMA_8B, 'Q4_K_M', machine, { backend: 'cpu' }).candidate.layout.mode).toBe('cpu')
    expect(plan(LLAMA_8B, 'Q4_K_M', machine, { backend: 'vulkan' }).candidate.layout.backend).toBe('vulkan')
    expect(plan(LLAMA_8B, 'Q4_K_M', machine).candidate.layout.backend).toBe('cuda')
  })

  it('prefers a card with experts in RAM to a slow unified device that would hold it all', () => {
    const laptop = whatIfMachine(['RTX 4060 Laptop'], 64)
    const integrated = {
      ...laptop.accelerators[0]!,
      name: 'Intel Iris Xe Graphics',
      vendor: 'Intel' as const,
      unified: true,
      integrated: true,
      memoryBytes: gibibytesToBytes(32),
      freeBytes: null,
      backends: ['vulkan' as const],
      performance: null,
    }
    const machine = { ...laptop, accelerators: [...laptop.accelerators, integrated] }
    const { layout } = plan(QWEN_MOE, 'Q4_K_M', machine).candidate
    expect([layout.mode, layout.backend]).toEqual(['experts-in-ram', 'cuda'])
  })

  it('plans MLX on Apple only and vLLM on CUDA or ROCm only', () => {
    const mac = machineNamed('M4 Max, 36 GB')
    expect(plan(LLAMA_8B, 'MLX-4bit', mac, { engine: 'mlx' }).candidate.layout.backend).toBe('mlx')
    expect(plan(LLAMA_8B, 'AWQ', mac, { engine: 'vllm' }).fit).toBe('no')
    expect(plan(LLAMA_8B, 'AWQ', machineNamed('RTX 4090'), { engine: 'vllm' }).fit).toBe('fits')
  })
})

/** The runs the coefficients were fitted on; each record names its source. */
const measuredRuns = new Map(
  readFileSync(new URL('../../../bench/fixtures/measured-speeds.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; depthTokens: number; decodeTokensPerSecond: number })
    .map((run) => [run.id, run] as const),
)

describe('published runs', () => {
  it.each([
    ['M2 Ultra, 60 cores', '3b6638aa51db', 'meta-llama/Llama-2-7b-chat-hf', 'Q8_0', ['M2 Ultra 60']],
    ['RTX 4090', 'fa5d12b9a3ff', 'meta-llama/Llama-2-7b-chat-hf', 'Q4_0', ['RTX 4090']],
    ['two RTX 4090', 'bed507ae5a39', LLAMA_70B, 'Q4_K_M', ['2x RTX 4090']],
  ])('%s: near what was measured', (_, id, model, quantization, gpus) => {
    const run = measuredRuns.get(id)!
    const { depthTokens, decodeTokensPerSecond } = run
    const numbers = plan(model, quantization, whatIfMachine(gpus, 64), { depthTokens, contextTokens: 4096 })
    // The 90th percentile of the error over all runs of one device or more (`npm run bench speed-error`).
    expect(Math.abs(numbers.decodeTokensPerSecond / decodeTokensPerSecond - 1)).toBeLessThan(0.21)
  })

  it('counts the file pages of repacked weights only as far as memory reaches: the system takes the rest back', () => {
    const of = (gibibytes: number) =>
      plan('nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16', 'IQ4_XS', whatIfMachine(['none'], gibibytes))
    const [roomy, short] = [of(64), of(24)]
    expect([roomy.fit, short.fit]).toEqual(['fits', 'tight'])
    expect(short.totalBytes).toBeLessThanOrEqual(short.budgetBytes)
    expect(short.totalBytes).toBeLessThan(roomy.totalBytes)
    // What must stay is the same on both: one copy of every weight, the cache and the buffers.
    const firm = ({ candidate }: PlanNumbers) =>
      loadBytes(candidate.loads[0]!) - candidate.loads[0]!.reclaimableBytes
    expect(firm(short)).toBeCloseTo(firm(roomy), 0)
  })

  it('times mixtures by the experts a token uses, and holds them all', () => {
    const machine = machineNamed('RTX 4090')
    const mixture = plan(QWEN_MOE, 'Q4_K_M', machine)
    const dense = plan('Qwen/Qwen3-32B', 'Q4_K_M', machine, { contextTokens: 4096 })
    expect(mixture.decodeTokensPerSecond).toBeGreaterThan(3 * dense.decodeTokensPerSecond)
    expect(mixture.totalBytes).toBeGreaterThan(0.9 * dense.totalBytes)
  })
})

const RANK: Readonly<Record<Fit, number>> = { no: 0, tight: 1, fits: 2 }
const machineNames = Object.keys(WHAT_IF_MACHINES)
const arbitraryPlan = fc.record({
  model: fc.constantFrom(...models),
  quantization: fc.constantFrom(...quantizations.filter((each) => each.engines.includes('llama.cpp'))),
  machine: fc.constantFrom(...machineNames).map(machineNamed),
  contextTokens: fc.integer({ min: 512, max: 65_536 }),
  users: fc.integer({ min: 1, max: 8 }),
  kvType: fc.constantFrom('f16' as const, 'q8_0' as const, 'q4_0' as const),
  engine: fc.constant('llama.cpp' as const),
})

function withVram(machine: Machine, factor: number): Machine {
  const grow = (bytes: number | null) => (bytes === null ? null : bytes * factor)
  const accelerators = machine.accelerators.map((each) => ({
    ...each,
    memoryBytes: each.unified ? each.memoryBytes : grow(each.memoryBytes),
    freeBytes: each.unified ? each.freeBytes : grow(each.freeBytes),
  }))
  return { ...machine, accelerators }
}

describe('planNumbers', () => {
  it('adds up: pools to the total, and nothing that lacks bytes fits', () => {
    fc.assert(
      fc.property(arbitraryPlan, (asked) => {
        const numbers = planNumbers(asked, speedModel)
        const sum = workingLoads(numbers.candidate).reduce((total, load) => total + loadBytes(load), 0)
        expect(numbers.totalBytes).toBeCloseTo(sum, 0)
        expect(numbers.missingBytes > 0).toBe(numbers.fit === 'no')
        const { layout } = numbers.candidate
        const bounds = layout.shares.flatMap((share) => [share.from, share.to])
        expect(bounds).toEqual(bounds.toSorted((left, right) => left - right))
        if (layout.shares.length > 0)
          expect([bounds[0], bounds.at(-1)]).toEqual([layout.start, numbers.terms.weights.layers])
        if (numbers.fit === 'fits') expect(numbers.totalBytes).toBeLessThan(numbers.budgetBytes)
        if (numbers.fit === 'tight') expect(numbers.totalBytes).toBeLessThanOrEqual(numbers.budgetBytes + 1)
      }),
      { numRuns: 300 },
    )
  })

  it('never stops fitting, nor slows down, with more VRAM', () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.double({ min: 1, max: 4, noNaN: true }), (asked, factor) => {
        const before = planNumbers(asked, speedModel)
        const after = planNumbers({ ...asked, machine: withVram(asked.machine, factor) }, speedModel)
        if (before.fit !== 'no') expect(after.fit).not.toBe('no')
        // More room may move the whole model onto the card: tighter than half of it, but faster; or from two like cards
        // onto one, at the same speed.
        const devices = ({ candidate }: PlanNumbers): number => candidate.layout.shares.length
        if (RANK[after.fit] < RANK[before.fit] && devices(after) >= devices(before))
          expect(after.decodeTokensPerSecond).toBeGreaterThan(before.decodeTokensPerSecond)
        // A tight plan may trade a little speed for room once there is more of it; a roomy one only gains.
        if (before.fit === 'fits')
          expect(after.decodeTokensPerSecond).toBeGreaterThanOrEqual(before.decodeTokensPerSecond * 0.999)
      }),
      { numRuns: 300 },
    )
  })

  it('never holds less for a longer context or more users, never more for a quantized cache', () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.integer({ min: 1, max: 65_536 }), (asked, more) => {
        const fixed = { ...asked, gpuLayers: 999 }
        // All but scratch memory, and but file pages that the system takes back to make room for it.
        const held = (change: Partial<PlanRequest>) =>
          planNumbers({ ...fixed, ...change }, speedModel).candidate.loads.reduce(
            (sum, load) => sum + loadBytes(load) - load.computeBytes - load.reclaimableBytes,
            0,
          )
        expect(held({ contextTokens: asked.contextTokens + more })).toBeGreaterThanOrEqual(held({}))
        expect(held({ users: asked.users + 1 })).toBeGreaterThanOrEqual(held({}))
        expect(held({ kvType: 'q4_0' })).toBeLessThanOrEqual(held({ kvType: 'q8_0' }))
        expect(held({ kvType: 'q8_0' })).toBeLessThanOrEqual(held({ kvType: 'f16' }))
      }),
      { numRuns: 200 },
    )
  })

  it('never serves fewer tokens to more users in all, never faster at more depth', () => {
    fc.assert(
      fc.property(arbitraryPlan, (asked) => {
        const fixed = { ...asked, gpuLayers: 999, users: 1, depthTokens: 256 }
        const of = (change: Partial<PlanRequest>) => planNumbers({ ...fixed, ...change }, speedModel)
        const alone = of({})
        expect(of({ users: 2 }).throughputTokensPerSecond).toBeGreaterThanOrEqual(
          alone.decodeTokensPerSecond * 0.999,
        )
        expect(of({ depthTokens: 512 }).decodeTokensPerSecond).toBeLessThanOrEqual(
          alone.decodeTokensPerSecond,
        )
      }),
      { numRuns: 200 },
    )
  })

  it('is never slower with more bandwidth', () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.double({ min: 1, max: 3, noNaN: true }), (asked, factor) => {
        const accelerators = asked.machine.accelerators.map((each) => ({
          ...each,
          performance: each.performance && {
            ...each.performance,
            bandwidthBytesPerSecond: (each.performance.bandwidthBytesPerSecond ?? 0) * factor,
          },
        }))
        const { memory } = asked.machine
        const faster: Machine = {
          ...asked.machine,
          accelerators,
          memory: { ...memory, bandwidthBytesPerSecond: (memory.bandwidthBytesPerSecond ?? 0) * factor },
        }
        const before = planNumbers(asked, speedModel)
        const after = planNumbers({ ...asked, machine: faster }, speedModel)
        if (before.fit !== 'no')
          expect(after.decodeTokensPerSecond).toBeGreaterThanOrEqual(before.decodeTokensPerSecond * 0.999)
      }),
      { numRuns: 200 },
    )
  })

  it('lets the user spend the reserve', () => {
    const machine = machineNamed('RTX 4090')
    const kept = plan(LLAMA_8B, 'Q4_K_M', machine)
    const spent = plan(LLAMA_8B, 'Q4_K_M', machine, { useReserve: true })
    expect(spent.budgetBytes).toBeGreaterThan(kept.budgetBytes + gibibytesToBytes(0.4))
  })
})
