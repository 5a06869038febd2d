import { describe, expect, it, vi } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { Download } from '#contract/library.ts'
import { createDownloadsStore } from './downloads-store.ts'

function download(id: string, state: Download['state']): Download {
  return { id, state } as unknown as Download
}

/** A backend whose streams each say what stands in `streams`, then end or break. */
function pretendBackend(streams: (readonly (readonly Download[])[] | Error)[]) {
  const asked: string[] = []
  async function* watch() {
    const stream = streams.shift()
    if (stream instanceof Error) throw stream
    if (stream === undefined) await new Promise(() => undefined)
    else for (const each of stream) yield await Promise.resolve(each)
  }
  const downloads = {
    watch: () => Promise.resolve(watch()),
    pause: ({ id }: { readonly id: string }) => Promise.resolve(void asked.push(`pause ${id}`)),
    resume: () =>
      Promise.reject(
        Object.assign(new Error('The disk is full.'), { status: 507, data: { nextStep: 'Free some.' } }),
      ),
  }
  const onDone = vi.fn<() => void>()
  const client = { downloads } as unknown as InhouseClient
  const store = createDownloadsStore(client, { onDone, retryMilliseconds: 0 })
  return { asked, onDone, store }
}

describe('what is fetched', () => {
  it('is followed, and what arrives is told once', async () => {
    const { store, onDone } = pretendBackend([
      [
        [download('a', 'running')],
        [download('a', 'done')],
        [download('a', 'done'), download('b', 'running')],
      ],
    ])
    void store.follow()
    await vi.waitFor(() => expect(store.getState().downloads?.length).toBe(2))
    expect(onDone).toHaveBeenCalledTimes(1)
    store.stop()
  })

  it('that was there before is not news', async () => {
    const { store, onDone } = pretendBackend([[[download('a', 'done')]]])
    void store.follow()
    await vi.waitFor(() => expect(store.getState().downloads?.length).toBe(1))
    expect(onDone).not.toHaveBeenCalled()
    store.stop()
  })

  it('is followed again when the stream is lost', async () => {
    const { store } = pretendBackend([new TypeError('Failed to fetch'), [[download('a', 'running')]]])
    void store.follow()
    await vi.waitFor(() => expect(store.getState().downloads?.length).toBe(1))
    expect(store.getState().failure).toBeNull()
    store.stop()
  })

  it('says why a change did not work until one does', async () => {
    const { store, asked } = pretendBackend([])
    expect(await store.resume('a')).toBe(false)
    expect(store.getState().failure).toMatchObject({ message: 'The disk is full.', nextStep: 'Free some.' })
    expect(await store.pause('a')).toBe(true)
    expect(store.getState().failure).toBeNull()
    expect(asked).toEqual(['pause a'])
  })
})
