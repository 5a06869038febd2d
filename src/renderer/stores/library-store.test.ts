import { describe, expect, it } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { Library, LibraryFile, LibraryUpdate } from '#contract/library.ts'
import { createLibraryStore } from './library-store.ts'

function file(path: string, state: LibraryFile['state'] = 'listed'): LibraryFile {
  return { path, state, modifiedAt: '2026-11-25T10:00:00.000Z' } as unknown as LibraryFile
}

/** A backend with two files; `steps` holds every answer of a scan until it is let go. */
function pretendBackend() {
  const state = { broken: false, scans: 0, folders: [] as string[] }
  const gates: (() => void)[] = []
  const passGate = () => new Promise<void>((resolve) => gates.push(resolve))
  async function* scan(): AsyncGenerator<LibraryUpdate, Library> {
    state.scans += 1
    yield { files: [file('a'), file('b')], readCount: 0, foundCount: 2 }
    await passGate()
    if (state.broken) throw Object.assign(new Error('No such disk.'), { status: 500 })
    yield { files: [file('a', 'read')], readCount: 1, foundCount: 2 }
    await passGate()
    const folders = state.folders.map((path) => ({
      path,
      place: 'folder' as const,
      fileCount: 0,
      problem: null,
    }))
    return { files: [file('a', 'read'), file('b', 'broken')], folders, ownFolder: '/own' }
  }
  const library = {
    scan: () => Promise.resolve(scan()),
    addFolder: ({ path }: { readonly path: string }) => {
      if (state.broken) return Promise.reject(Object.assign(new Error('No such folder.'), { status: 404 }))
      state.folders.push(path)
      return Promise.resolve(state.folders)
    },
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  const next = async (): Promise<void> => {
    await settle()
    gates.shift()?.()
    await settle()
  }
  return {
    state,
    next,
    store: createLibraryStore({ library } as unknown as InhouseClient, { showEveryMilliseconds: 0 }),
  }
}

function states({ store }: ReturnType<typeof pretendBackend>): readonly string[] {
  return store.getState().files.map(({ path, state }) => `${path} ${state}`)
}

describe('the models on this machine', () => {
  it('appear at once and are read as the scan goes', async () => {
    const backend = pretendBackend()
    const scan = backend.store.load()
    await backend.next()
    expect(states(backend)).toEqual(['a read', 'b listed'])
    expect(backend.store.getState()).toMatchObject({
      folders: null,
      scan: { kind: 'scanning', readCount: 1, foundCount: 2 },
    })
    await backend.next()
    await scan
    expect(states(backend)).toEqual(['a read', 'b broken'])
    expect(backend.store.getState()).toMatchObject({ ownFolder: '/own', scan: { kind: 'finished' } })
  })

  it('stay as they were read while they are looked for again', async () => {
    const backend = pretendBackend()
    void backend.store.load()
    await backend.next()
    await backend.next()
    const before = backend.store.getState().files[0]
    void backend.store.scanAgain()
    await backend.next()
    await backend.next()
    expect(backend.store.getState().scan.kind).toBe('finished')
    expect(backend.store.getState().files[0]).toBe(before)
    expect(states(backend)).toEqual(['a read', 'b broken'])
  })

  it('are looked for once, however many pages ask', async () => {
    const backend = pretendBackend()
    void backend.store.load()
    void backend.store.load()
    await backend.next()
    expect(backend.state.scans).toBe(1)
  })

  it('are looked for again after a folder came in, and the folder is listed', async () => {
    const backend = pretendBackend()
    const added = backend.store.addFolder('/models')
    await backend.next()
    await backend.next()
    await backend.next()
    expect(await added).toBeNull()
    expect(backend.store.getState().folders?.map(({ path }) => path)).toEqual(['/models'])
  })

  it('keep what is known when a scan or a change fails, and say why', async () => {
    const backend = pretendBackend()
    backend.state.broken = true
    expect(await backend.store.addFolder('/nowhere')).toMatchObject({ message: 'No such folder.' })
    const scan = backend.store.scanAgain()
    await backend.next()
    await backend.next()
    await scan
    expect(states(backend)).toEqual(['a listed', 'b listed'])
    expect(backend.store.getState().scan).toMatchObject({
      kind: 'failed',
      failure: { message: 'No such disk.' },
    })
  })
})
