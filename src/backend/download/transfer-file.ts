import path from 'node:path'
import { writeJsonFile } from '#backend/store/json-file.ts'
import { fetchRange } from '#backend/download/fetch-range.ts'
import type { HubRequests } from '#backend/download/hub-requests.ts'
import type { DownloadLimits } from '#backend/download/limits.ts'
import { diskFailure, diskFull, type Disk, type PartFile } from '#backend/download/part-file.ts'
import {
  chunkLength,
  discardPart,
  partPath,
  partStatePath,
  readPartState,
  sumOf,
  type PartState,
} from '#backend/download/part-state.ts'
import { FileChanged, RangesIgnored, RemoteFault } from '#backend/download/remote-fault.ts'
import { withRetries } from '#backend/download/with-retries.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** One file of the hub, and where it goes: to `<file>.part`, with its state beside it. */
export interface Transfer {
  readonly requests: HubRequests
  readonly url: URL
  readonly file: string
  readonly fileBytes: number
  readonly sha256: string | null
  readonly disk: Disk
  readonly limits: DownloadLimits
  readonly signal: AbortSignal
  /** How much of it is there. */
  readonly onBytes: (doneBytes: number) => void
  /** What it waits for before it tries again; null when it goes on. */
  readonly onTrouble: (failure: InhouseError | null) => void
}

/** How much of a file an earlier try left. */
export async function transferredBytes({ file, fileBytes, limits, sha256 }: Transfer): Promise<number> {
  const state = await readPartState(file, { fileBytes, sha256, chunkBytes: limits.chunkBytes })
  return sumOf(state.doneBytes)
}

/**
 * Fetches a file into its part file: several ranges at once, each tried again while its faults may pass, from where an
 * earlier try stopped. A server that knows no ranges sends all of it in one stream, and then nothing can be resumed.
 * What was fetched stays when it fails, unless it cannot be believed.
 */
export async function transferFile(transfer: Transfer): Promise<void> {
  const { file, fileBytes, limits, sha256 } = transfer
  const state = await readPartState(file, { fileBytes, sha256, chunkBytes: limits.chunkBytes })
  const part = await transfer.disk.open(partPath(file), fileBytes)
  try {
    await transferInto(part, state, transfer)
  } catch (error) {
    if (isWorthless(error)) await discardPart(file)
    throw error
  } finally {
    await part.close()
  }
}

/** Of another file, or by a server that sends what nobody asked for: none of it is believed. */
function isWorthless(error: unknown): boolean {
  return error instanceof FileChanged || (error instanceof InhouseError && error.code === 'DOWNLOAD_CORRUPT')
}

async function transferInto(part: PartFile, state: PartState, transfer: Transfer): Promise<void> {
  try {
    await inRanges(part, state, transfer)
  } catch (error) {
    if (!(error instanceof RangesIgnored)) throw error
    await inOneStream(part, state, transfer)
  }
  try {
    await part.sync()
  } catch (error) {
    throw diskFailure(transfer.file, error)
  }
}

async function inRanges(part: PartFile, state: PartState, transfer: Transfer): Promise<void> {
  const { limits } = transfer
  const stopping = new AbortController()
  const signal = AbortSignal.any([transfer.signal, stopping.signal])
  const waiting = state.doneBytes.flatMap((done, index) => (done < chunkLength(state, index) ? [index] : []))
  let doneBytes = sumOf(state.doneBytes)
  const onMoreBytes = (bytes: number) => transfer.onBytes((doneBytes += bytes))
  const work = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      await fetchChunk(index, { part, state, onMoreBytes, transfer: { ...transfer, signal } })
    }
  }
  const saving = keepSaving(part, state, { transfer, stop: (error) => stopping.abort(error) })
  const streams = Array.from({ length: Math.min(limits.parallelStreams, waiting.length) }, () =>
    work().catch((error: unknown) => stopping.abort(error)),
  )
  await Promise.all(streams)
  await saving.end()
  // The first failure stopped the others, and theirs tell nothing.
  transfer.signal.throwIfAborted()
  stopping.signal.throwIfAborted()
}

interface Chunk {
  readonly part: PartFile
  readonly state: PartState
  readonly onMoreBytes: (bytes: number) => void
  readonly transfer: Transfer
}

async function fetchChunk(index: number, { onMoreBytes, part, state, transfer }: Chunk): Promise<void> {
  const { fileBytes, limits, onTrouble, requests, signal, url } = transfer
  const start = index * state.chunkBytes
  const length = chunkLength(state, index)
  const done = () => state.doneBytes[index] ?? 0
  let countedBytes = done()
  const fetchOnce = (from: number) =>
    fetchRange(requests, {
      url,
      fileBytes,
      start: start + from,
      end: start + length,
      signal,
      isSameFile: sameFile(state),
      async write(data, position) {
        await writeTo(part, data, position, transfer)
        state.doneBytes[index] = position + data.length - start
        onTrouble(null)
        onMoreBytes(data.length)
      },
    })
  const fetchRest = async () => {
    const from = done()
    try {
      await fetchOnce(from)
    } catch (error) {
      // What came with a wrong answer is not believed.
      if (error instanceof RemoteFault && error.failure.code === 'DOWNLOAD_CORRUPT') {
        onMoreBytes(from - done())
        state.doneBytes[index] = from
      }
      throw error
    }
  }
  const madeProgress = () => {
    const isMuch = done() - countedBytes >= length / 16
    if (isMuch) countedBytes = done()
    return isMuch
  }
  await withRetries(fetchRest, { limits, signal, onTrouble, madeProgress })
}

/** The first answer names the file; every later one has to name the same, where it names one. */
function sameFile(state: PartState): (tag: string | null) => boolean {
  return (tag) => {
    state.tag ??= tag
    return tag === null || tag === state.tag
  }
}

async function inOneStream(part: PartFile, state: PartState, transfer: Transfer): Promise<void> {
  const { file, fileBytes, limits, onBytes, onTrouble, requests, signal, url } = transfer
  await discardState(file, state)
  const stopping = new AbortController()
  const saving = keepSaving(part, null, { transfer, stop: (error) => stopping.abort(error) })
  const until = AbortSignal.any([signal, stopping.signal])
  const fetchAll = () =>
    fetchRange(requests, {
      url,
      fileBytes,
      start: 0,
      end: fileBytes,
      signal: until,
      isSameFile: () => true,
      async write(data, position) {
        await writeTo(part, data, position, transfer)
        onTrouble(null)
        onBytes(position + data.length)
      },
    })
  try {
    onBytes(0)
    await withRetries(fetchAll, { limits, signal: until, onTrouble })
  } finally {
    await saving.end()
  }
  stopping.signal.throwIfAborted()
}

/** Nothing of one stream can be gone on with: the next start must not believe what an earlier one said. */
async function discardState(file: string, state: PartState): Promise<void> {
  state.doneBytes.fill(0)
  await writeJsonFile(partStatePath(file), state)
}

async function writeTo(
  part: PartFile,
  data: Uint8Array,
  position: number,
  { file }: Transfer,
): Promise<void> {
  try {
    await part.write(data, position)
  } catch (error) {
    throw diskFailure(file, error)
  }
}

/** Writes now and then how much is there, and stops the transfer before the disk is full. */
function keepSaving(
  part: PartFile,
  state: PartState | null,
  { stop, transfer }: { readonly transfer: Transfer; readonly stop: (error: unknown) => void },
) {
  const { disk, file, limits } = transfer
  const folder = path.dirname(file)
  const save = async () => {
    const freeBytes = await disk.freeBytes(folder)
    if (freeBytes !== null && freeBytes < limits.reservedBytes) {
      stop(diskFull(folder, { neededBytes: limits.reservedBytes, freeBytes }))
    }
    if (state === null) return
    // In this order: what the state says is there has to be there after a power cut.
    const kept = structuredClone(state)
    await part.sync()
    await writeJsonFile(partStatePath(file), kept)
  }
  const failed = (error: unknown) =>
    stop(diskFailure(file, error instanceof InhouseError && error.cause !== undefined ? error.cause : error))
  let last = Promise.resolve()
  const saveNext = () => (last = last.then(save).catch(failed))
  const timer = setInterval(() => void saveNext(), limits.saveSeconds * 1000)
  return {
    async end(): Promise<void> {
      clearInterval(timer)
      await saveNext()
    },
  }
}
