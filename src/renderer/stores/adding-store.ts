import { createStore, type StoreApi } from 'zustand/vanilla'
import { toFailure, type Failure } from '../api/failure.ts'
import type { FileToAdd } from './files-to-add.ts'
import type { LibraryStore } from './library-store.ts'

/** What is done with a file: used where it lies, copied by the backend, or sent by the browser. */
export type AddHow = 'reference' | 'copy' | 'upload'

export type AddedState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly fraction: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface AddedFile {
  readonly file: FileToAdd
  readonly state: AddedState
}

export interface AddingState {
  /** `asking`: nothing happens before the user says how. */
  readonly kind: 'closed' | 'asking' | 'running' | 'ended'
  readonly files: readonly AddedFile[]
  /** Names of files that are no model files. */
  readonly rejected: readonly string[]
}

export interface AddingStore extends StoreApi<AddingState> {
  /** Asks what to do with these files, unless others are on their way. */
  readonly ask: (files: readonly FileToAdd[], rejected: readonly string[]) => void
  readonly run: (how: AddHow) => Promise<void>
  readonly cancel: () => void
  /** Not while files are on their way. */
  readonly close: () => void
}

/** Sends one file to the backend; resolves when it is there whole. */
export type UploadFile = (upload: {
  readonly file: File
  readonly onFraction: (fraction: number) => void
  readonly signal: AbortSignal
}) => Promise<void>

const CLOSED: AddingState = { kind: 'closed', files: [], rejected: [] }

/** Files that were dropped or chosen, on their way into the library one after the other. */
export function createAddingStore(
  library: Pick<LibraryStore, 'importFile' | 'scanAgain'>,
  upload: UploadFile,
): AddingStore {
  const store = createStore<AddingState>(() => CLOSED)
  let life = new AbortController()

  function say(index: number, state: AddedState): void {
    store.setState(({ files }) => ({
      files: files.map((each, at) => (at === index ? { ...each, state } : each)),
    }))
  }

  async function addOne(index: number, how: AddHow, signal: AbortSignal): Promise<void> {
    const file = store.getState().files[index]?.file
    if (file === undefined) return
    if (signal.aborted) return say(index, { kind: 'cancelled' })
    const onFraction = (fraction: number) => say(index, { kind: 'running', fraction })
    onFraction(0)
    try {
      if (how === 'upload') await upload({ file: file.file, onFraction, signal })
      else if (file.path !== null) await library.importFile({ path: file.path, how, onFraction, signal })
      say(index, { kind: 'done' })
    } catch (error) {
      say(index, signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', failure: toFailure(error) })
    }
  }

  return {
    ...store,
    ask(files, rejected) {
      if (store.getState().kind === 'running') return
      store.setState({
        kind: 'asking',
        files: files.map((file) => ({ file, state: { kind: 'waiting' } })),
        rejected,
      })
    },
    async run(how) {
      if (store.getState().kind !== 'asking') return
      life = new AbortController()
      const { signal } = life
      store.setState({ kind: 'running' })
      for (const index of store.getState().files.keys()) await addOne(index, how, signal)
      store.setState({ kind: 'ended' })
      await library.scanAgain()
    },
    cancel: () => life.abort(),
    close() {
      if (store.getState().kind !== 'running') store.setState(CLOSED)
    },
  }
}
