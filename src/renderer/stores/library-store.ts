import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { LibraryFile, LibraryFolder } from '#contract/library.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export type LibraryScan =
  | { readonly kind: 'not-started' }
  | { readonly kind: 'scanning'; readonly readCount: number; readonly foundCount: number }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface LibraryState {
  /** As far as they are known: a scan adds to them as it goes. */
  readonly files: readonly LibraryFile[]
  /** Null until a scan has finished. */
  readonly folders: readonly LibraryFolder[] | null
  /** Where downloads and copies go; null until a scan has finished. */
  readonly ownFolder: string | null
  readonly scan: LibraryScan
  /** Why the last removal did not work; cleared by the next one. */
  readonly failure: Failure | null
}

export interface LibraryStore extends StoreApi<LibraryState> {
  /** Looks once; what is known already is not looked for again. */
  readonly load: () => Promise<void>
  readonly scanAgain: () => Promise<void>
  /** Answers what went wrong; null where nothing did. */
  readonly addFolder: (path: string) => Promise<Failure | null>
  /** The changes below answer whether they worked; what failed is in the state. */
  readonly removeFolder: (path: string) => Promise<boolean>
  /** Deletes a file of the app's own folder, or forgets one that lies elsewhere. */
  readonly remove: (path: string) => Promise<boolean>
  /** Lists a file where it lies. */
  readonly reference: (path: string) => Promise<boolean>
  /** Adds one file; throws what went wrong, since several may be on their way. */
  readonly importFile: (wish: ImportWish) => Promise<LibraryFile>
}

export interface ImportWish {
  readonly path: string
  readonly how: 'reference' | 'copy'
  readonly onFraction: (fraction: number) => void
  readonly signal: AbortSignal
}

const NOTHING_YET: LibraryState = {
  files: [],
  folders: null,
  ownFolder: null,
  scan: { kind: 'not-started' },
  failure: null,
}

export interface LibraryStoreOptions {
  /** What is found within this time is shown together, so that a thousand files do not mean a hundred redrawings. */
  readonly showEveryMilliseconds?: number
}

/** The models on this machine: one copy for every page. */
export function createLibraryStore(client: InhouseClient, options: LibraryStoreOptions = {}): LibraryStore {
  const { showEveryMilliseconds = 150 } = options
  const store = createStore<LibraryState>(() => NOTHING_YET)
  let life = new AbortController()

  async function scanAgain(): Promise<void> {
    life.abort()
    life = new AbortController()
    const { signal } = life
    store.setState({ scan: { kind: 'scanning', readCount: 0, foundCount: 0 } })
    let found: LibraryFile[] = []
    let shownAt = -Infinity
    try {
      const updates = await client.library.scan(undefined, { signal })
      for (let step = await updates.next(); ; step = await updates.next()) {
        if (signal.aborted) return
        if (step.done === true) {
          const { files, folders, ownFolder } = step.value
          const known = new Map(store.getState().files.map((file) => [file.path, file]))
          store.setState({
            files: files.map((file) => newestOf(known.get(file.path), file)),
            folders,
            ownFolder,
            scan: { kind: 'finished' },
          })
          return
        }
        const { files, readCount, foundCount } = step.value
        found.push(...files)
        if (performance.now() - shownAt < showEveryMilliseconds) continue
        const news = found
        found = []
        shownAt = performance.now()
        store.setState((state) => ({
          files: withFiles(state.files, news),
          scan: { kind: 'scanning', readCount, foundCount },
        }))
      }
    } catch (error) {
      if (!signal.aborted) store.setState({ scan: { kind: 'failed', failure: toFailure(error) } })
    }
  }

  async function attempt(work: () => Promise<unknown>): Promise<Failure | null> {
    try {
      await work()
    } catch (error) {
      return toFailure(error)
    }
    await scanAgain()
    return null
  }

  async function change(work: () => Promise<unknown>): Promise<boolean> {
    store.setState({ failure: null })
    const failure = await attempt(work)
    store.setState({ failure })
    return failure === null
  }

  async function importFile({ path, how, onFraction, signal }: ImportWish): Promise<LibraryFile> {
    const steps = await client.library.importFile({ path, how }, { signal })
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done === true) return step.value
      onFraction(step.value.fraction)
    }
  }

  return {
    ...store,
    scanAgain,
    importFile,
    async load() {
      if (store.getState().scan.kind === 'not-started') await scanAgain()
    },
    addFolder: (path) => attempt(() => client.library.addFolder({ path })),
    removeFolder: (path) => change(() => client.library.removeFolder({ path })),
    remove: (path) => change(() => client.library.remove({ path })),
    reference: (path) =>
      change(() =>
        importFile({
          path,
          how: 'reference',
          onFraction: () => undefined,
          signal: new AbortController().signal,
        }),
      ),
  }
}

/** The files known so far with those that are new, and what is new of those that were known. */
function withFiles(known: readonly LibraryFile[], found: readonly LibraryFile[]): readonly LibraryFile[] {
  const byPath = new Map(known.map((file) => [file.path, file]))
  for (const file of found) byPath.set(file.path, newestOf(byPath.get(file.path), file))
  return [...byPath.values()]
}

/** A file that did not change stays the very one it was: what was computed of it stays with it. */
function newestOf(known: LibraryFile | undefined, found: LibraryFile): LibraryFile {
  if (known === undefined || known.modifiedAt !== found.modifiedAt || known.fileBytes !== found.fileBytes) {
    return found
  }
  // A scan names a file before it has read it again: what was read of it stays until then.
  if (found.state === 'listed') return known
  const isSame =
    found.state === 'read' && known.state === 'read' && found.match?.modelId === known.match?.modelId
  return isSame && known.place === found.place ? known : found
}
