import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FinishedScan, FreeMemory, ScanUpdate } from '#contract/answers.ts'
import type { InhouseClient } from '#contract/client.ts'
import type { Machine } from '#core/machine/machine.ts'
import { createMachineStore } from './machine-store.ts'

function machineNamed(name: string): Machine {
  return {
    os: { platform: 'linux', name, version: null, architecture: 'x64', virtualization: 'none' },
    cpu: {
      name: null,
      vendor: null,
      physicalCores: null,
      logicalCores: null,
      performanceCores: null,
      usableCores: null,
      features: [],
    },
    memory: { totalBytes: null, freeBytes: null, limitBytes: null, bandwidthBytesPerSecond: null },
    accelerators: [],
    disks: [],
    backends: ['cpu'],
    sources: {},
    warnings: [],
    scannedAt: null,
    asIf: false,
  }
}

const LAST = machineNamed('last time')
const PARTIAL = machineNamed('so far')
const FRESH = machineNamed('fresh')

/** A backend under the test's control: streams say what is pushed, and everything fails once it is gone. */
function pretendBackend(last: Machine | null) {
  let gone = false
  let finishScan: (scan: FinishedScan) => void = () => undefined
  let endMemory: (error: Error) => void = () => undefined
  const pendingUpdates: ScanUpdate[] = []
  let wakeScan: () => void = () => undefined

  async function* scan(): AsyncGenerator<ScanUpdate, FinishedScan, void> {
    let finished: FinishedScan | null = null
    finishScan = (result) => {
      finished = result
      wakeScan()
    }
    for (;;) {
      const update = pendingUpdates.shift()
      if (update !== undefined) yield update
      else if (finished !== null) return finished
      else await new Promise<void>((resolve) => (wakeScan = resolve))
    }
  }
  async function* memory(): AsyncGenerator<FreeMemory, void, void> {
    yield { readAt: '2026-11-25T00:00:00Z', ramFreeBytes: 1, acceleratorFreeBytes: [] }
    await new Promise<void>((_, reject) => (endMemory = reject))
  }
  const guarded = <T>(answer: () => T): Promise<T> =>
    gone ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(answer())
  const client = {
    machine: {
      last: () => guarded(() => last),
      scan: () => guarded(scan),
      watchFreeMemory: () => guarded(memory),
    },
  } as unknown as InhouseClient
  return {
    client,
    say: (update: ScanUpdate) => {
      pendingUpdates.push(update)
      wakeScan()
    },
    finish: (result: FinishedScan) => finishScan(result),
    goAway: () => {
      gone = true
      endMemory(new TypeError('network error'))
    },
    comeBack: () => (gone = false),
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

describe('the machine under the app', () => {
  it('shows the last scan at once and the fresh one when it is finished', async () => {
    const backend = pretendBackend(LAST)
    const store = createMachineStore(backend.client)
    void store.start()
    await settle()
    expect(store.getState()).toMatchObject({ machine: LAST, provisional: false, scan: { kind: 'scanning' } })

    backend.say({ machine: PARTIAL, pendingTools: ['nvidia-smi'] })
    await vi.advanceTimersByTimeAsync(5000)
    expect(store.getState()).toMatchObject({
      machine: LAST,
      scan: { kind: 'scanning', pendingTools: ['nvidia-smi'] },
    })

    backend.finish({ machine: FRESH, seconds: 0.4 })
    await settle()
    expect(store.getState()).toMatchObject({ machine: FRESH, scan: { kind: 'finished', seconds: 0.4 } })
    store.stop()
  })

  it('shows an unfinished first scan only after its patience', async () => {
    const backend = pretendBackend(null)
    const store = createMachineStore(backend.client, { patienceMilliseconds: 1500 })
    void store.start()
    backend.say({ machine: PARTIAL, pendingTools: ['vulkaninfo'] })
    await vi.advanceTimersByTimeAsync(1000)
    expect(store.getState().machine).toBeNull()
    await vi.advanceTimersByTimeAsync(1000)
    expect(store.getState()).toMatchObject({ machine: PARTIAL, provisional: true })
    backend.finish({ machine: FRESH, seconds: 2 })
    await settle()
    expect(store.getState()).toMatchObject({ machine: FRESH, provisional: false })
    store.stop()
  })

  it('says when the backend goes away, keeps what it knows and goes on when it is back', async () => {
    const backend = pretendBackend(null)
    const store = createMachineStore(backend.client, { retryMilliseconds: 3000 })
    void store.start()
    await settle()
    backend.finish({ machine: FRESH, seconds: 1 })
    await settle()
    expect(store.getState().freeMemory?.ramFreeBytes).toBe(1)

    backend.goAway()
    await settle()
    expect(store.getState()).toMatchObject({ machine: FRESH, freeMemory: null, lost: { kind: 'gone' } })

    await vi.advanceTimersByTimeAsync(3000)
    expect(store.getState().lost).not.toBeNull()

    backend.comeBack()
    await vi.advanceTimersByTimeAsync(3000)
    expect(store.getState()).toMatchObject({ lost: null, scan: { kind: 'scanning' } })
    store.stop()
  })
})
