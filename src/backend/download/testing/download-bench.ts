import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDownloads, type Downloads, type DownloadsOptions } from '#backend/download/downloads.ts'
import type { DownloadLimits } from '#backend/download/limits.ts'
import { startFaultyHub, type FaultyHub, type HubScript } from '#backend/download/testing/faulty-hub.ts'
import { DEFAULT_SETTINGS } from '#contract/settings.ts'
import type { Download, DownloadWish } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** Five chunks and a bit, so that every position of a chunk is met; milliseconds instead of minutes. */
export const QUICK_LIMITS: DownloadLimits = {
  chunkBytes: 64 * 1024,
  parallelStreams: 3,
  stallSeconds: 0.15,
  stallBytes: 1024,
  retries: 2,
  retryDelaySeconds: () => 0.002,
  longestWaitSeconds: 1,
  saveSeconds: 0.01,
  updateSeconds: 0.005,
  reservedBytes: 0,
}

/** Bytes without a pattern, the same at every run. */
export function contentOf(seed: string, bytes: number): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes; at += 32) {
    pieces.push(createHash('sha256').update(`${seed} ${at}`).digest())
  }
  return Buffer.concat(pieces).subarray(0, bytes)
}

/** A hub, a user, and what is needed to look at both. */
export interface DownloadBench {
  readonly hub: FaultyHub
  readonly userFolder: string
  readonly folder: string
  readonly wish: DownloadWish
  /** Another start of the app, or another process. */
  readonly open: (options?: Partial<DownloadsOptions>) => Downloads
  /** Names in the repository's folder. */
  readonly names: () => Promise<readonly string[]>
  readonly content: (name: string) => Promise<Buffer>
  close(): Promise<void>
}

/** Everything of a user in a folder of its own. */
export async function downloadBench(script: HubScript, catalogue: Catalogue): Promise<DownloadBench> {
  const hub = await startFaultyHub(script)
  const userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-download-'))
  const folder = path.join(userFolder, 'models', 'org', 'repo')
  const opened: Downloads[] = []
  return {
    hub,
    userFolder,
    folder,
    wish: { repository: 'org/repo', revision: null, file: script.files[0]?.name ?? '', acceptLicense: false },
    open(options = {}) {
      const downloads = createDownloads({
        folders: { userFolder },
        settings: {
          read: () =>
            Promise.resolve({ ...DEFAULT_SETTINGS, downloads: { mirror: hub.address, proxy: null } }),
        },
        token: () => Promise.resolve(null),
        catalogue: () => Promise.resolve(catalogue),
        environment: {},
        limits: QUICK_LIMITS,
        ...options,
      })
      opened.push(downloads)
      return downloads
    },
    names: async () =>
      (await readdir(folder).catch((): string[] => [])).toSorted((left, right) => (left < right ? -1 : 1)),
    content: (name) => readFile(path.join(folder, name)),
    async close() {
      for (const downloads of opened) downloads.close()
      await hub.close()
      await rm(userFolder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Runs one to its end. */
export async function resultOf(stream: AsyncGenerator<Download, Download>): Promise<Download> {
  for (;;) {
    const step = await stream.next()
    if (step.done === true) return step.value
  }
}
