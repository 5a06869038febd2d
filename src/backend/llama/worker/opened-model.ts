import type { ChatWrapper, Llama, LlamaChat, LlamaContextSequence, LlamaModel } from 'node-llama-cpp'
import type { EngineUpdate, OpenJob, OpenResult } from '#backend/llama/engine-job.ts'
import { chatFormat } from '#backend/llama/worker/chat-format.ts'
import { buffersOf, type EngineLog } from '#backend/llama/worker/engine-log.ts'
import { importEngine, loadEngine } from '#backend/llama/worker/load-engine.ts'
import { acceleratorUsedBytes, createContext, loadModel } from '#backend/llama/worker/load-model.ts'
import { processMemory } from '#backend/llama/worker/process-memory.ts'
import type { RunMemory } from '#core/chat/generation.ts'
import type { EngineBuffer } from '#core/measure/measurement.ts'

/** A context that answers one request at a time. */
export interface Seat {
  readonly sequence: LlamaContextSequence
  readonly chat: LlamaChat
  /** Windows that use it. */
  readonly windows: Set<number>
  /** Work that waits for it or is done in it. */
  waiting: number
  last: Promise<unknown>
}

/** A model that is kept loaded, with the contexts of the windows that talk to it. */
export interface OpenedModel {
  readonly llama: Llama
  readonly model: LlamaModel
  readonly wrapper: ChatWrapper
  readonly result: OpenResult
  buffers(): readonly EngineBuffer[]
  memory(): Promise<RunMemory>
  /** The window's own context, or one it shares where memory for another cannot be had. */
  seatOf(window: number): Promise<Seat>
  /** Waits until no window is answered, and lets none be until the work is done. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  leave(window: number): Promise<void>
}

/** Each window more costs a context; from here on they take turns. */
const MOST_SEATS = 4

/** Loads a model with its first context, so that what it takes is known at once. */
export async function openModel(
  job: OpenJob,
  log: EngineLog,
  report: (update: EngineUpdate) => void,
): Promise<OpenedModel> {
  const { load } = job
  const engine = await importEngine()
  const llama = await loadEngine(load.backend, load.threads, log)
  const usedBefore = await acceleratorUsedBytes(llama)
  log.clear()
  const startedAt = performance.now()
  const model = await loadModel(llama, {
    path: load.path,
    gpuLayers: load.gpuLayers === 'auto' ? { fitTokens: job.contextTokens } : load.gpuLayers,
    log,
    onProgress: (fraction) => report({ kind: 'loading', fraction }),
  })
  const { wrapper, template } = await chatFormat(model)
  const newSeat = async (): Promise<Seat> => {
    const context = await createContext(model, {
      contextTokens: job.contextTokens,
      sequences: 1,
      kvType: 'f16',
      flashAttention: true,
      threads: load.threads,
      adapters: job.adapters,
      log,
    })
    const sequence = context.getSequence()
    const chat = new engine.LlamaChat({ contextSequence: sequence, chatWrapper: wrapper })
    return { sequence, chat, windows: new Set(), waiting: 0, last: Promise.resolve() }
  }
  const seats = seatsOf(await newSeat(), newSeat)
  // From here on only complaints: what is told of each step would take time from it.
  llama.logLevel = engine.LlamaLogLevel.warn
  const buffers = buffersOf(log.lines())
  return {
    llama,
    model,
    wrapper,
    result: {
      loadSeconds: (performance.now() - startedAt) / 1000,
      contextTokens: seats.first.sequence.context.contextSize,
      gpuLayers: model.gpuLayers,
      totalLayers: model.fileInsights.totalLayers,
      buffers,
      template,
      release: llama.llamaCppRelease.release,
    },
    buffers: () => buffers,
    async memory() {
      const used = await acceleratorUsedBytes(llama)
      return {
        residentBytes: processMemory().residentBytes,
        acceleratorBytes: used === null || usedBefore === null ? null : Math.max(0, used - usedBefore),
      }
    },
    seatOf: (window) => seats.of(window),
    alone: (work) => seats.alone(work),
    leave: (window) => seats.leave(window),
  }
}

/** Who sits where. The first seat is made with the model and stays. */
function seatsOf(first: Seat, newSeat: () => Promise<Seat>) {
  const seats = [first]
  let making: Promise<Seat | null> = Promise.resolve(null)
  let quiet: Promise<unknown> = Promise.resolve()
  const emptiest = () =>
    seats.reduce((least, seat) => (seat.windows.size < least.windows.size ? seat : least))
  const find = async (window: number): Promise<Seat> => {
    const known = seats.find(({ windows }) => windows.has(window))
    if (known !== undefined) return known
    const free = emptiest()
    if (free.windows.size === 0 || seats.length === MOST_SEATS) {
      free.windows.add(window)
      return free
    }
    // Memory that cannot be had for another context is no failure: then windows take turns.
    const made = await newSeat().catch(() => null)
    const seat = made ?? emptiest()
    if (made !== null) seats.push(Object.assign(made, { last: quiet }))
    seat.windows.add(window)
    return seat
  }
  return {
    first,
    /** One after the other: two windows that come at once must not both take the empty seat. */
    of(window: number): Promise<Seat> {
      const found = making.then(() => find(window))
      making = found.catch(() => null)
      return found
    },
    async alone<Result>(work: () => Promise<Result>): Promise<Result> {
      // Taken at once and in one order: two that want to be alone cannot wait for each other.
      const before = seats.map(({ last }) => last)
      const done = Promise.all([quiet, ...before]).then(work)
      quiet = done.catch(() => undefined)
      for (const seat of seats) {
        seat.last = quiet
        seat.waiting++
      }
      const taken = [...seats]
      try {
        return await done
      } finally {
        for (const seat of taken) seat.waiting--
      }
    },
    async leave(window: number) {
      const seat = seats.find(({ windows }) => windows.has(window))
      seat?.windows.delete(window)
      if (seat === undefined || seat === first || seat.windows.size > 0) return
      seats.splice(seats.indexOf(seat), 1)
      await seat.last.catch(() => undefined)
      await seat.sequence.context.dispose()
    },
  }
}

/** How work waits for its turn. */
export interface Turn {
  /** Told how much is done before. */
  readonly onWait: (ahead: number) => void
  /** Called off before its turn, the work is never begun. */
  readonly stop: AbortSignal
}

/** Runs work in a seat when everything before it is done; null where it was called off before. */
export async function inSeat<Result>(
  seat: Seat,
  { onWait, stop }: Turn,
  work: () => Promise<Result>,
): Promise<Result | null> {
  if (seat.waiting > 0) onWait(seat.waiting)
  seat.waiting++
  let isBegun = false
  const result = seat.last.then(() => {
    isBegun = true
    return stop.aborted ? null : work()
  })
  seat.last = result
    .catch(() => undefined)
    .finally(() => {
      seat.waiting--
    })
  const calledOff = new Promise<null>((resolve) => {
    stop.addEventListener('abort', () => !isBegun && resolve(null), { once: true })
  })
  return Promise.race([result, calledOff])
}
