import { describe, expect, it, vi } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { MeasureUpdate } from '#contract/measuring.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { createMeasuringStore, type MeasuringSubject } from './measuring-store.ts'

const SUBJECT = { wish: { method: 'quick' } } as unknown as MeasuringSubject
const MEASUREMENT = { id: 'one' } as unknown as Measurement

function update(fraction: number, sampled: boolean): MeasureUpdate {
  const sample = { kind: 'decode', layers: 2, depthTokens: 0, streams: 1, tokensPerSecond: 10 } as const
  return { stage: 'decode', fraction, secondsLeft: 1, residentBytes: null, sample: sampled ? sample : null }
}

/** A run that goes as far as the test lets it. */
function pretendRun() {
  const steps: (MeasureUpdate | Error | 'end')[] = []
  let wake: () => void = () => undefined
  let asked: AbortSignal | undefined
  async function* run(signal: AbortSignal): AsyncGenerator<MeasureUpdate, Measurement, void> {
    for (;;) {
      signal.throwIfAborted()
      const step = steps.shift()
      if (step === 'end') return MEASUREMENT
      if (step instanceof Error) throw step
      if (step !== undefined) yield step
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  type Start = (
    wish: unknown,
    options: { readonly signal: AbortSignal },
  ) => Promise<AsyncGenerator<MeasureUpdate, Measurement, void>>
  const runs = vi.fn<Start>((_wish, { signal }) => {
    asked = signal
    signal.addEventListener('abort', () => wake())
    return Promise.resolve(run(signal))
  })
  return {
    client: { measurements: { run: runs } } as unknown as InhouseClient,
    runs,
    signal: () => asked,
    say: async (step: MeasureUpdate | Error | 'end') => {
      steps.push(step)
      wake()
      await vi.waitFor(() => expect(steps).toEqual([]))
    },
  }
}

function start() {
  const backend = pretendRun()
  const kept = vi.fn<() => void>()
  const store = createMeasuringStore(backend.client, kept)
  const ended = store.start(SUBJECT)
  return { ...backend, kept, store, ended }
}

describe('a dry run under way', () => {
  it('collects its repetitions in order, and says how far it is', async () => {
    const { store, say } = start()
    expect(store.getState()).toMatchObject({ kind: 'running', update: null, samples: [] })
    await say(update(0.1, false))
    await say(update(0.2, true))
    await say(update(0.3, true))
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ update: { fraction: 0.3 } }))
    expect(store.getState()).toMatchObject({ samples: [{ layers: 2 }, { layers: 2 }] })
  })

  it('is the only one: a second start changes nothing', async () => {
    const { store, runs } = start()
    await store.start({ ...SUBJECT })
    expect(runs).toHaveBeenCalledTimes(1)
    expect(store.getState()).toMatchObject({ kind: 'running', subject: SUBJECT })
  })

  it('ends with what was kept, and says so', async () => {
    const { store, say, ended, kept } = start()
    await say('end')
    await ended
    expect(store.getState()).toEqual({ kind: 'done', subject: SUBJECT, measurement: MEASUREMENT })
    expect(kept).toHaveBeenCalledOnce()
  })

  it('is called off by the user, not failed', async () => {
    const { store, signal, ended, kept } = start()
    store.cancel()
    expect(store.getState()).toMatchObject({ kind: 'running', cancelling: true })
    await ended
    expect(signal()?.aborted).toBe(true)
    expect(store.getState()).toEqual({ kind: 'cancelled', subject: SUBJECT })
    expect(kept).not.toHaveBeenCalled()
    store.dismiss()
    expect(store.getState()).toEqual({ kind: 'idle' })
  })

  it('fails with the reason and the next step', async () => {
    const { store, say, ended } = start()
    const error = Object.assign(new Error('No room.'), { status: 507, data: { nextStep: 'Make some.' } })
    await say(error)
    await ended
    expect(store.getState()).toMatchObject({
      kind: 'failed',
      failure: { kind: 'failed', message: 'No room.', nextStep: 'Make some.' },
    })
  })
})
