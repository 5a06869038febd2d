import { describe, expect, it } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { createMeasurementsStore } from './measurements-store.ts'

function run(id: string): Measurement {
  return { id } as unknown as Measurement
}

/** A backend that keeps two measurements and forgets none; `broken` makes every call fail. */
function pretendBackend() {
  const removed = new Set<string>()
  const state = { broken: false, all: [run('a'), run('b')] }
  const list = () => {
    if (state.broken) return Promise.reject(Object.assign(new Error('The disk is full.'), { status: 507 }))
    return Promise.resolve({ runs: state.all.filter(({ id }) => !removed.has(id)), machines: [], smokes: [] })
  }
  const measurements = {
    list,
    remove: ({ ids }: { readonly ids: readonly string[] }) => {
      for (const id of ids) removed.add(id)
      return list()
    },
    restore: ({ ids }: { readonly ids: readonly string[] }) => {
      for (const id of ids) removed.delete(id)
      return list()
    },
    import: () => {
      state.all = [...state.all, run('c')]
      return Promise.resolve({ added: 1, known: 0, rejected: [] })
    },
    export: () => Promise.resolve('{"id":"a"}\n'),
  }
  return { state, store: createMeasurementsStore({ measurements } as unknown as InhouseClient) }
}

function ids({ store }: ReturnType<typeof pretendBackend>): readonly string[] | undefined {
  return store.getState().measurements?.runs.map(({ id }) => id)
}

describe('what was measured', () => {
  it('is not known before it is read', () => {
    expect(ids(pretendBackend())).toBeUndefined()
  })

  it('is removed and brought back', async () => {
    const backend = pretendBackend()
    await backend.store.load()
    expect(await backend.store.remove(['a'])).toBe(true)
    expect(ids(backend)).toEqual(['b'])
    await backend.store.restore(['a'])
    expect(ids(backend)).toEqual(['a', 'b'])
  })

  it('is read again after an import brought something in', async () => {
    const backend = pretendBackend()
    await backend.store.load()
    expect(await backend.store.importText('…')).toMatchObject({ added: 1 })
    expect(ids(backend)).toEqual(['a', 'b', 'c'])
  })

  it('stays as it was when a change fails, and says why until something works', async () => {
    const backend = pretendBackend()
    await backend.store.load()
    backend.state.broken = true
    expect(await backend.store.remove(['a'])).toBe(false)
    expect(ids(backend)).toEqual(['a', 'b'])
    expect(backend.store.getState().failure?.message).toBe('The disk is full.')
    backend.state.broken = false
    await backend.store.load()
    expect(backend.store.getState().failure).toBeNull()
  })
})
