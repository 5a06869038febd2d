import { changeSignal } from '#backend/download/change-signal.ts'
import {
  cancelled,
  failureOf,
  licenseNotAccepted,
  otherRevision,
  unknownDownload,
} from '#backend/download/download-errors.ts'
import { fetchedBytes, removeFetched } from '#backend/download/fetched-files.ts'
import { fetchModel, requireFile } from '#backend/download/fetch-model.ts'
import { hubSession, type HubSessionOptions } from '#backend/download/hub-session.ts'
import { downloadId, keptDownloads, type KeptDownload } from '#backend/download/kept-downloads.ts'
import { DEFAULT_LIMITS, type DownloadLimits } from '#backend/download/limits.ts'
import { localDisk, type Disk } from '#backend/download/part-file.ts'
import type { ListedFile, RepositoryListing } from '#backend/download/repository-listing.ts'
import {
  describeEntry,
  isActive,
  pausedEntry,
  takeProgress,
  type DownloadEntry,
} from '#backend/download/running-download.ts'
import type { Download, DownloadWish, RepositoryFiles, RepositoryWish } from '#contract/library.ts'

/** Whose downloads, from where, and as whom. */
export interface DownloadsOptions extends Omit<HubSessionOptions, 'limits'> {
  readonly limits?: DownloadLimits
  readonly disk?: Disk
}

/** Fetches models from the hub into the app's own folder, `models/<org>/<repository>/<file>`. */
export interface Downloads {
  /** What a repository offers. */
  files(wish: RepositoryWish, signal?: AbortSignal): Promise<RepositoryFiles>
  /** Starts, or goes on where it stopped; of a file that is coming already it answers that. */
  start(wish: DownloadWish): Promise<Download>
  /** All of them at once, then whenever something changes, until the signal aborts. */
  watch(signal?: AbortSignal): AsyncGenerator<readonly Download[], void>
  pause(id: string): Promise<void>
  resume(id: string): Promise<void>
  /** Stops it and removes what was fetched of it; of one that has ended only the entry. */
  cancel(id: string): Promise<void>
  /** Starts one and tells how it goes; an abort pauses it. Throws what it failed by. */
  run(wish: DownloadWish, signal?: AbortSignal): AsyncGenerator<Download, Download>
  /** Stops all; they can be gone on with at the next start. */
  close(): void
}

/** A transfer that stalls changes nothing but its speed. */
const LONGEST_UPDATE_MILLISECONDS = 1000

/**
 * The downloads of one user. The transfer is our own and not the one node-llama-cpp brings (ipull 3.9): that one sends
 * the token on to the host the hub redirects to (its ranges are asked from there with the hub's headers), retries 150
 * times a range, notices neither a stall nor a file that changes between two ranges, marks a range done before it is
 * written, and a full disk ends the process (the promise of a write is not waited for).
 */
export function createDownloads(options: DownloadsOptions): Downloads {
  const { disk = localDisk, folders, limits = DEFAULT_LIMITS } = options
  const store = keptDownloads(folders.userFolder)
  const closing = new AbortController()
  const change = changeSignal()
  const entries = new Map<string, DownloadEntry>()
  const hub = hubSession({ ...options, limits })

  const untilClosed = (signal: AbortSignal | undefined) =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])

  let loaded: Promise<void> | null = null
  const load = () => (loaded ??= loadKept())
  async function loadKept(): Promise<void> {
    for (const kept of await store.list()) {
      entries.set(
        downloadId(kept.wish),
        pausedEntry(kept, await fetchedBytes(kept, hub.folderOf(kept.wish.repository))),
      )
    }
  }
  const requireEntry = async (id: string): Promise<DownloadEntry> => {
    await load()
    const entry = entries.get(id)
    if (entry === undefined) throw unknownDownload()
    return entry
  }

  /** `listed`: what the hub has just told. */
  function launch(entry: DownloadEntry, listed: RepositoryListing | null): void {
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, closing.signal])
    Object.assign(entry, { state: 'running', failure: null, path: null })
    entry.work = { stop, ended: work(entry, listed, signal) }
    change.changed()
  }

  async function work(
    entry: DownloadEntry,
    listed: RepositoryListing | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { wish } = entry.kept
    let known = listed
    try {
      await store.keep(entry.kept)
      entry.path = await hub.withHub((requests) =>
        fetchModel({
          file: wish.file,
          folder: hub.folderOf(wish.repository),
          requests,
          async list() {
            const listing = known ?? (await hub.list(requests, wish, signal))
            known = null
            return listing
          },
          disk,
          limits,
          signal,
          onProgress(progress) {
            takeProgress(entry, progress)
            change.changed()
          },
          async onPart(file) {
            entry.kept = { ...entry.kept, finished: [...entry.kept.finished, file] }
            await store.keep(entry.kept)
          },
        }),
      )
      await store.forget(downloadId(wish))
      Object.assign(entry, { state: 'done', failure: null, doneBytes: entry.kept.totalBytes })
    } catch (error) {
      const isStopped = signal.aborted
      Object.assign(entry, {
        state: isStopped ? 'paused' : 'failed',
        failure: isStopped ? null : failureOf(error),
      })
    } finally {
      entry.work = null
      change.changed()
    }
  }

  async function start(wish: DownloadWish, signal?: AbortSignal): Promise<DownloadEntry> {
    await load()
    const listing = await hub.withHub((requests) => hub.list(requests, wish, untilClosed(signal)))
    const listed = requireFile(listing, wish.file)
    if (listing.mustAccept && !wish.acceptLicense) throw licenseNotAccepted(listing)
    const kept = keptOf({ ...wish, file: listed.file }, listed)
    const id = downloadId(kept.wish)
    await windDown(entries.get(id))
    const known = entries.get(id)
    if (known !== undefined && isActive(known)) {
      if ((known.kept.wish.revision ?? 'main') !== listing.revision) throw otherRevision(known.kept)
      return known
    }
    const finished = known?.kept.finished ?? []
    const entry = pausedEntry({ ...kept, finished }, known?.doneBytes ?? 0)
    entries.set(id, entry)
    // Before the first wait: two that start at once are one.
    launch(entry, listing)
    return entry
  }

  async function pauseEntry(entry: DownloadEntry): Promise<void> {
    const running = entry.work
    running?.stop.abort()
    await running?.ended
  }

  return {
    async files(wish, signal) {
      const { version: _version, ...listing } = await hub.withHub((requests) =>
        hub.list(requests, wish, untilClosed(signal)),
      )
      return { ...listing, files: listing.files.map(({ parts: _parts, ...file }) => file) }
    },
    start: async (wish) => describeEntry(await start(wish)),
    async *watch(signal) {
      const until = untilClosed(signal)
      await load()
      while (!until.aborted) {
        yield [...entries.values()].map(describeEntry)
        const isBusy = [...entries.values()].some(isActive)
        await change.next(until, isBusy ? LONGEST_UPDATE_MILLISECONDS : null)
        await pauseFor(limits.updateSeconds * 1000, until)
      }
    },
    pause: async (id) => pauseEntry(await requireEntry(id)),
    async resume(id) {
      const entry = await requireEntry(id)
      await windDown(entry)
      if (entry.state === 'paused' || entry.state === 'failed') launch(entry, null)
    },
    async cancel(id) {
      const entry = await requireEntry(id)
      await pauseEntry(entry)
      if (entry.state === 'done' || entry.state === 'cancelled') entries.delete(id)
      else {
        await removeFetched(entry.kept, hub.folderOf(entry.kept.wish.repository))
        await store.forget(id)
        Object.assign(entry, { state: 'cancelled', failure: null, doneBytes: 0 })
      }
      change.changed()
    },
    async *run(wish, signal = new AbortController().signal) {
      const entry = await start(wish, signal)
      while (isActive(entry)) {
        yield describeEntry(entry)
        await change.next(signal, LONGEST_UPDATE_MILLISECONDS)
        if (signal.aborted) await pauseEntry(entry)
      }
      if (entry.state === 'failed' && entry.failure !== null) throw entry.failure
      if (entry.state === 'cancelled') throw cancelled(entry.kept)
      return describeEntry(entry)
    },
    close: () => closing.abort(),
  }
}

function keptOf(wish: DownloadWish, { fileBytes, parts }: ListedFile): KeptDownload {
  return { wish, totalBytes: fileBytes, parts: parts.map(({ file }) => file), finished: [] }
}

/** One that is being paused at this moment is paused a moment later. */
async function windDown(entry: DownloadEntry | undefined): Promise<void> {
  if (entry?.work?.stop.signal.aborted === true) await entry.work.ended
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await changeSignal().next(signal, milliseconds)
}
