import { describe, expect, it, vi } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { PlanWish } from '#contract/measuring.ts'
import { keyOfSimulation } from '#core/plan/apply-simulation.ts'
import type { Simulation } from '#core/plan/simulation.ts'
import { createSimulationsStore } from './simulations-store.ts'

const SIMULATION: Simulation = {
  modelId: 'a/b',
  quantizationId: 'Q4_K_M',
  contextTokens: 4096,
  users: 1,
  kvType: 'f16',
  flashAttention: true,
  backend: 'cpu',
  gpuLayers: 0,
  host: { weightsBytes: 1, contextBytes: 2 },
  device: { weightsBytes: 0, contextBytes: 0 },
  engineRelease: 'v0',
  seconds: 0.1,
}
const KEY = keyOfSimulation(SIMULATION)
const WISH = {} as PlanWish

type Simulate = (wish: PlanWish, options: { readonly signal?: AbortSignal }) => Promise<Simulation>

function storeOf(simulate: Simulate) {
  const asked = vi.fn<Simulate>(simulate)
  return {
    asked,
    store: createSimulationsStore({ plans: { simulate: asked } } as unknown as InhouseClient),
  }
}

describe('plans the allocator was asked about', () => {
  it('are asked about once', async () => {
    const { asked, store } = storeOf(() => Promise.resolve(SIMULATION))
    expect(await store.ask(KEY, WISH)).toBeNull()
    expect(store.getState().known.get(KEY)).toBe(SIMULATION)
    await store.ask(KEY, WISH)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('stay estimated when that fails, and the reason is answered', async () => {
    const { store } = storeOf(() => Promise.reject(new Error('crashed')))
    expect((await store.ask(KEY, WISH))?.message).toBe('crashed')
    expect(store.getState().known.size).toBe(0)
  })

  it('are no failure when nobody waits for them any more', async () => {
    const { store } = storeOf((_, { signal }) => Promise.reject(signal?.reason as Error))
    const life = new AbortController()
    life.abort(new Error('left'))
    expect(await store.ask(KEY, WISH, life.signal)).toBeNull()
  })
})
