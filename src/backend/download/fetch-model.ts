import { mkdir, open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileChecksum } from '#backend/download/file-checksum.ts'
import { lockFile } from '#backend/download/file-lock.ts'
import { fileUrl } from '#backend/download/hub-address.ts'
import type { HubRequests } from '#backend/download/hub-requests.ts'
import type { DownloadLimits } from '#backend/download/limits.ts'
import { diskFailure, diskFull, type Disk } from '#backend/download/part-file.ts'
import { discardPart, discardPartState, partLockPath, partPath } from '#backend/download/part-state.ts'
import { FileChanged } from '#backend/download/remote-fault.ts'
import type { ListedFile, ListedPart, RepositoryListing } from '#backend/download/repository-listing.ts'
import { transferFile, transferredBytes, type Transfer } from '#backend/download/transfer-file.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** How far a download is. */
export interface FetchProgress {
  readonly state: 'running' | 'checking'
  readonly totalBytes: number
  readonly doneBytes: number
  /** What it waits for before it tries again. */
  readonly trouble: InhouseError | null
}

/** A model to fetch: one file, or all its parts. */
export interface ModelFetch {
  readonly file: string
  /** Where the files of this repository go. */
  readonly folder: string
  readonly requests: HubRequests
  /** Asks the hub what there is now. */
  readonly list: () => Promise<RepositoryListing>
  readonly disk: Disk
  readonly limits: DownloadLimits
  readonly signal: AbortSignal
  readonly onProgress: (progress: FetchProgress) => void
  /** A part of it has its final name now, by this fetch. */
  readonly onPart: (file: string) => Promise<void>
}

/** A server whose file changes that often is broken. */
const MOST_CHANGES = 2

/**
 * Fetches a model into its folder. A file gets its name when all of its bytes lie on the disk, in the length and with
 * the SHA-256 that the hub tells; where the hub tells none, the length alone is known. Answers the path of the first.
 */
export async function fetchModel(fetch: ModelFetch): Promise<string> {
  for (let changes = 0; ; changes += 1) {
    const listing = await fetch.list()
    const listed = requireFile(listing, fetch.file)
    try {
      await fetchParts(listed, listing, fetch)
      return path.join(fetch.folder, listed.file)
    } catch (error) {
      if (!(error instanceof FileChanged)) throw error
      if (changes >= MOST_CHANGES) throw keepsChanging(error)
    }
  }
}

/** The file of this name; throws where the repository has none. */
export function requireFile({ files, repository }: RepositoryListing, file: string): ListedFile {
  const found = files.find((one) => one.file === file || one.parts.some((part) => part.file === file))
  if (found !== undefined) return found
  throw new InhouseError({
    code: 'REMOTE_NOT_FOUND',
    message: `${repository} offers no GGUF file "${file}".`,
    nextStep: 'Look at what it offers: list its files, or open its page.',
  })
}

async function fetchParts(listed: ListedFile, listing: RepositoryListing, fetch: ModelFetch): Promise<void> {
  await mkdir(path.dirname(path.join(fetch.folder, listed.file)), { recursive: true }).catch(
    (error: unknown) => {
      throw diskFailure(path.join(fetch.folder, listed.file), error)
    },
  )
  const progress = progressOf(listed, fetch)
  for (const [index, part] of listed.parts.entries()) {
    await fetchPart(part, { listed, listing, fetch, progress, index })
  }
}

interface PartFetch {
  readonly listed: ListedFile
  readonly listing: RepositoryListing
  readonly fetch: ModelFetch
  readonly progress: ReturnType<typeof progressOf>
  readonly index: number
}

/** Adds the parts up. */
function progressOf({ fileBytes: totalBytes, parts }: ListedFile, { onProgress }: ModelFetch) {
  let state: FetchProgress['state'] = 'running'
  let trouble: InhouseError | null = null
  let doneBytes = 0
  const tell = (index: number, partBytes: number) => {
    doneBytes = parts.slice(0, index).reduce((sum, { fileBytes }) => sum + fileBytes, partBytes)
    onProgress({ state, totalBytes, doneBytes, trouble })
  }
  return {
    tell,
    setState(next: FetchProgress['state']) {
      state = next
      onProgress({ state, totalBytes, doneBytes, trouble })
    },
    setTrouble(next: InhouseError | null) {
      if (trouble === next) return
      trouble = next
      onProgress({ state, totalBytes, doneBytes, trouble })
    },
  }
}

async function fetchPart(part: ListedPart, context: PartFetch): Promise<void> {
  const { fetch, index, progress } = context
  const file = path.join(fetch.folder, part.file)
  const lock = await lockFile(partLockPath(file)).catch((error: unknown) => {
    throw diskFailure(file, error)
  })
  try {
    if (await isWhole(file, part, context)) return progress.tell(index, part.fileBytes)
    progress.setState('running')
    const transfer = transferOf(part, file, context)
    await checkRoom(transfer, context)
    await transferFile(transfer)
    if (!(await isWhole(partPath(file), part, context))) {
      await discardPart(file)
      throw corrupt(part)
    }
    await publish(file)
    await fetch.onPart(part.file)
  } finally {
    await lock.release()
  }
}

function transferOf(
  part: ListedPart,
  file: string,
  { fetch, index, listing, progress }: PartFetch,
): Transfer {
  const { disk, limits, requests, signal } = fetch
  const { repository, version } = listing
  return {
    requests,
    url: fileUrl(requests.address, { repository, version, file: part.file }),
    file,
    fileBytes: part.fileBytes,
    sha256: part.sha256,
    disk,
    limits,
    signal,
    onBytes: (doneBytes) => progress.tell(index, doneBytes),
    onTrouble: (failure) => progress.setTrouble(failure),
  }
}

/** Every byte on the disk counts, not what was seen to arrive. */
async function isWhole(file: string, part: ListedPart, { fetch, progress }: PartFetch): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  if (found?.isFile() !== true || found.size !== part.fileBytes) return false
  progress.setState('checking')
  if (part.sha256 === null) return true
  const sha256 = await fileChecksum(file, { signal: fetch.signal })
  return sha256 === part.sha256
}

/** Before the first byte, with all parts that are still to come. */
async function checkRoom(transfer: Transfer, { fetch, index, listed }: PartFetch): Promise<void> {
  const freeBytes = await fetch.disk.freeBytes(path.dirname(transfer.file))
  if (freeBytes === null) return
  let neededBytes = transfer.fileBytes - (await transferredBytes(transfer)) + fetch.limits.reservedBytes
  for (const later of listed.parts.slice(index + 1)) {
    const found = await stat(path.join(fetch.folder, later.file)).catch(() => null)
    if (found?.size !== later.fileBytes) neededBytes += later.fileBytes
  }
  if (freeBytes < neededBytes) throw diskFull(path.dirname(transfer.file), { neededBytes, freeBytes })
}

async function publish(file: string): Promise<void> {
  try {
    const handle = await open(partPath(file), 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partPath(file), file)
    await discardPartState(file)
  } catch (error) {
    throw diskFailure(file, error)
  }
}

function corrupt(part: ListedPart): InhouseError {
  return new InhouseError({
    code: 'DOWNLOAD_CORRUPT',
    message: `${path.basename(part.file)} arrived with other bytes than the hub announced (its SHA-256 is wrong), so it was thrown away.`,
    nextStep: 'Start it again; if that ends the same way, try another network or no mirror.',
  })
}

function keepsChanging(cause: FileChanged): InhouseError {
  return new InhouseError({
    code: 'DOWNLOAD_CORRUPT',
    message: `The file is not the one that was announced: ${cause.message}`,
    nextStep: 'If you use a mirror, try another one or none; otherwise try again later.',
    cause,
  })
}
