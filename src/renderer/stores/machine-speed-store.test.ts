import { describe, expect, it, vi } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { MachineSpeedUpdate } from '#contract/measuring.ts'
import { createMachineSpeedStore } from './machine-speed-store.ts'

type Run = (signal: AbortSignal) => AsyncGenerator<MachineSpeedUpdate, unknown, void>

function storeOf(run: Run) {
  const kept = vi.fn<() => void>()
  const measureMachine = (_: undefined, { signal }: { readonly signal: AbortSignal }) =>
    Promise.resolve(run(signal))
  const client = { measurements: { measureMachine } } as unknown as InhouseClient
  return { kept, store: createMachineSpeedStore(client, kept) }
}

describe('measuring the machine', () => {
  it('says what runs, and ends quietly with what was kept', async () => {
    const seen: unknown[] = []
    const { store, kept } = storeOf(async function* () {
      yield { fraction: 0.5, step: 'Q8_0' }
      return {}
    })
    store.subscribe((state) => seen.push(state))
    await store.start()
    expect(seen).toEqual([
      { kind: 'running', update: null },
      { kind: 'running', update: { fraction: 0.5, step: 'Q8_0' } },
      { kind: 'idle' },
    ])
    expect(kept).toHaveBeenCalledOnce()
  })

  it('tells being called off from failing', async () => {
    const { store, kept } = storeOf(async function* (signal) {
      yield { fraction: 0, step: 'F16' }
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('left'))))
      return {}
    })
    const ended = store.start()
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ update: { step: 'F16' } }))
    store.cancel()
    await ended
    expect(store.getState()).toEqual({ kind: 'cancelled' })
    expect(kept).not.toHaveBeenCalled()
  })

  it('keeps the reason of a failure', async () => {
    const { store } = storeOf(async function* () {
      yield { fraction: 0, step: 'F16' }
      throw new Error('crashed')
    })
    await store.start()
    expect(store.getState()).toMatchObject({ kind: 'failed', failure: { message: 'crashed' } })
  })
})
