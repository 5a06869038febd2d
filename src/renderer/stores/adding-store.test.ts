import { describe, expect, it, vi } from 'vitest'
import type { LibraryFile } from '#contract/library.ts'
import { createAddingStore, type UploadFile } from './adding-store.ts'
import { filesToAdd, type FileToAdd } from './files-to-add.ts'
import type { ImportWish } from './library-store.ts'

function file(name: string, path: string | null = `/models/${name}`): FileToAdd {
  return { name, path, bytes: 10, file: new File(['0123456789'], name) }
}

function pretendLibrary() {
  const asked: string[] = []
  const library = {
    scanAgain: vi.fn<() => Promise<void>>(() => Promise.resolve()),
    importFile: ({ path, how, onFraction, signal }: ImportWish) => {
      asked.push(`${how} ${path}`)
      onFraction(0.5)
      if (path.includes('broken')) {
        return Promise.reject(Object.assign(new Error('No GGUF file.'), { status: 422 }))
      }
      if (!path.includes('slow')) return Promise.resolve({} as LibraryFile)
      return new Promise<LibraryFile>((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('Cancelled.', 'AbortError')))
      })
    },
  }
  const upload = vi.fn<UploadFile>(() => Promise.resolve())
  return { asked, library, upload, store: createAddingStore(library, upload) }
}

function kinds({ store }: ReturnType<typeof pretendLibrary>): readonly string[] {
  return store.getState().files.map(({ state }) => state.kind)
}

describe('files on their way into the library', () => {
  it('wait for an answer, and without one nothing happens', () => {
    const pretend = pretendLibrary()
    pretend.store.ask([file('a.gguf')], [])
    expect(pretend.store.getState().kind).toBe('asking')
    pretend.store.close()
    expect(pretend.store.getState().kind).toBe('closed')
    expect(pretend.asked).toEqual([])
  })

  it('are added one after the other; one that fails stops no other', async () => {
    const pretend = pretendLibrary()
    pretend.store.ask([file('broken.gguf'), file('a.gguf')], [])
    await pretend.store.run('copy')
    expect(pretend.asked).toEqual(['copy /models/broken.gguf', 'copy /models/a.gguf'])
    expect(kinds(pretend)).toEqual(['failed', 'done'])
    expect(pretend.store.getState().kind).toBe('ended')
    expect(pretend.library.scanAgain).toHaveBeenCalledTimes(1)
  })

  it('are cancelled, those that wait as well', async () => {
    const pretend = pretendLibrary()
    pretend.store.ask([file('slow.gguf'), file('a.gguf')], [])
    const running = pretend.store.run('copy')
    pretend.store.close()
    expect(pretend.store.getState().kind).toBe('running')
    pretend.store.cancel()
    await running
    expect(kinds(pretend)).toEqual(['cancelled', 'cancelled'])
    expect(pretend.asked).toEqual(['copy /models/slow.gguf'])
  })

  it('are sent where nobody knows where they lie', async () => {
    const pretend = pretendLibrary()
    pretend.store.ask([file('a.gguf', null)], [])
    await pretend.store.run('upload')
    expect(pretend.upload.mock.calls[0]?.[0].file.name).toBe('a.gguf')
    expect(kinds(pretend)).toEqual(['done'])
  })
})

describe('what was dropped', () => {
  const dropped = (...names: string[]) => names.map((name) => new File(['0123456789'], name))

  it('is told apart by its name', () => {
    const { files, rejected } = filesToAdd(
      dropped('a.GGUF', 'b.safetensors', 'notes.txt', 'gguf'),
      () => null,
    )
    expect(files.map(({ name, path }) => [name, path])).toEqual([
      ['a.GGUF', null],
      ['b.safetensors', null],
    ])
    expect(rejected).toEqual(['notes.txt', 'gguf'])
  })

  it('is one model where the parts of one lie together', () => {
    const parts = dropped('m-00002-of-00002.gguf', 'm-00001-of-00002.gguf', 'n-00002-of-00002.gguf')
    const { files } = filesToAdd(parts, ({ name }) => `/models/${name}`)
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['m-00001-of-00002.gguf', 20],
      ['n-00002-of-00002.gguf', 10],
    ])
    expect(filesToAdd(parts, () => null).files.length).toBe(3)
  })
})
