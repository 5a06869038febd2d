import type { FetchProgress } from '#backend/download/fetch-model.ts'
import { downloadId, type KeptDownload } from '#backend/download/kept-downloads.ts'
import { speedMeter } from '#backend/download/speed-meter.ts'
import type { InhouseError } from '#contract/inhouse-error.ts'
import type { Download } from '#contract/library.ts'

/** One download while the app runs: what is kept of it, and how it goes. */
export interface DownloadEntry {
  kept: KeptDownload
  state: Download['state']
  doneBytes: number
  /** Of a failed one why; of a running one what it waits for. */
  failure: InhouseError | null
  path: string | null
  meter: ReturnType<typeof speedMeter>
  /** Of a running one: how to stop it, and when it has ended. */
  work: { readonly stop: AbortController; readonly ended: Promise<void> } | null
}

/** One that an earlier start left, or that is about to start. */
export function pausedEntry(kept: KeptDownload, doneBytes: number): DownloadEntry {
  return { kept, state: 'paused', doneBytes, failure: null, path: null, meter: speedMeter(), work: null }
}

/** Whether it has neither ended nor been stopped. */
export function isActive({ state }: Pick<DownloadEntry, 'state'>): boolean {
  return state === 'running' || state === 'checking'
}

/** Takes over how far a fetch is. */
export function takeProgress(entry: DownloadEntry, progress: FetchProgress): void {
  // What is found on the disk is no speed of the line.
  if (entry.state !== 'running' && progress.state === 'running') entry.meter = speedMeter()
  entry.state = progress.state
  entry.doneBytes = progress.doneBytes
  entry.kept = { ...entry.kept, totalBytes: progress.totalBytes }
  entry.failure = progress.trouble
  entry.meter.add(progress.doneBytes, performance.now() / 1000)
}

/** As everybody else sees it, at this moment. */
export function describeEntry(entry: DownloadEntry): Download {
  const { doneBytes, failure, kept, path, state } = entry
  const bytesPerSecond = state === 'running' ? entry.meter.bytesPerSecond(performance.now() / 1000) : null
  return {
    id: downloadId(kept.wish),
    repository: kept.wish.repository,
    file: kept.wish.file,
    state,
    totalBytes: kept.totalBytes,
    doneBytes,
    bytesPerSecond,
    secondsLeft:
      bytesPerSecond === null || bytesPerSecond <= 0 ? null : (kept.totalBytes - doneBytes) / bytesPerSecond,
    problem:
      failure === null ? null : { code: failure.code, message: failure.message, nextStep: failure.nextStep },
    path,
  }
}
