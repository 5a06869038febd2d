import { stat } from 'node:fs/promises'
import type { ChatRequest, OpenModel } from '#backend/chat/open-model.ts'
import type { BenchUpdate, OpenResult } from '#backend/llama/engine-job.ts'
import { readEngineVersions } from '#backend/llama/engine-versions.ts'
import { sharedEngine, type SharedEngine } from '#backend/llama/shared-engine.ts'
import { streamWork } from '#backend/llama/stream-work.ts'
import type { AppFolders } from '#backend/store/app-folders.ts'
import type { Adapter, ChatAnswer, ChatUpdate, SessionInfo } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { DEFAULT_CHAT_SETTINGS, type SamplingSettings } from '#core/chat/chat-settings.ts'
import type { RunPrediction } from '#core/chat/run-prediction.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Backend } from '#core/machine/machine.ts'
import type { MeasuredEngine } from '#core/measure/measurement.ts'

/** A file to open, and all that was decided about it. */
export interface LocalModelToOpen {
  /** Of shards the first. */
  readonly path: string
  readonly name: string
  readonly kind: 'pilot' | 'file'
  readonly load: { readonly backend: Backend; readonly gpuLayers: number | 'auto'; readonly threads: number }
  readonly contextTokens: number
  /** In the format of llama.cpp. */
  readonly adapters: readonly Adapter[]
  /** What its metadata recommends. */
  readonly sampling: Partial<SamplingSettings>
  readonly prediction: RunPrediction | null
  readonly noPrediction: string | null
}

/** Models of this machine, each loaded in a process of its own and shared by the windows that have it open. */
export interface Chatting {
  /** Loads it, or joins whoever has it open. Leaving in the middle lets it go. Throws what the engine throws. */
  open(
    model: LocalModelToOpen,
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly kind: 'loading'; readonly fraction: number }, OpenModel>
  /** Ends every process at once. */
  close(): void
}

/** Memory and windows are told about this often. */
const LIVE_INTERVAL_MS = 1000
/** A prompt is read in pieces of 512 tokens, and each says that the work goes on; so long one may take at least. */
const LEAST_PATIENCE_SECONDS = 180
/** Where nothing was predicted: a piece at less than a token a second. */
const UNKNOWN_PATIENCE_SECONDS = 600
/** A piece may take this many times what was predicted before it counts as hung. */
const PIECE_PATIENCE = 12
const PIECE_TOKENS = 512

/** Chatting for one host. */
export function createChatting({ root }: Pick<AppFolders, 'root'>): Chatting {
  const engines = new Map<string, SharedEngine>()
  return {
    async *open(model, signal) {
      const key = await keyOf(model)
      const known = engines.get(key)
      const engine =
        known !== undefined && known.isUsed()
          ? known
          : sharedEngine({ root, job: jobOf(model), onUnused: () => engines.delete(key) })
      engines.set(key, engine)
      const window = engine.enter()
      try {
        const result = yield* streamWork<{ kind: 'loading'; fraction: number }, OpenResult>(
          signal ?? new AbortController().signal,
          (until, say) => engine.opened(until, (fraction) => say({ kind: 'loading', fraction })),
        )
        return openModel(model, engine, window, { result, nodeLlamaCpp: await versionOf() })
      } catch (error) {
        engine.leave(window)
        throw error
      }
    },
    close() {
      for (const engine of engines.values()) engine.end()
    },
  }
}

/** The same file with the same options is one process: a file that was replaced meanwhile is another. */
async function keyOf(model: LocalModelToOpen): Promise<string> {
  const { mtimeMs, size } = await stat(model.path)
  const { adapters, contextTokens, load, path } = model
  return JSON.stringify([path, mtimeMs, size, adapters, contextTokens, load])
}

function jobOf({ adapters, contextTokens, load, path }: LocalModelToOpen) {
  return { kind: 'open', load: { ...load, path }, contextTokens, adapters } as const
}

async function versionOf(): Promise<string> {
  return (await readEngineVersions()).nodeLlamaCppVersion ?? 'unknown'
}

function openModel(
  model: LocalModelToOpen,
  engine: SharedEngine,
  window: number,
  about: { readonly result: OpenResult; readonly nodeLlamaCpp: string },
): OpenModel {
  const patienceSeconds = patienceOf(model.prediction)
  const closing = new AbortController()
  /** What was lost because the window closed is no fault. */
  const unlessClosed = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (closing.signal.aborted) throw gone()
    try {
      return await work()
    } catch (error) {
      throw closing.signal.aborted ? gone() : error
    }
  }
  return {
    info: infoOf(model, about),
    async *chat(request, signal = new AbortController().signal) {
      const until = AbortSignal.any([signal, closing.signal])
      const answer = yield* streamWork<ChatUpdate, ChatAnswer>(until, async (stop, say) => {
        const { text, thought, generation } = await unlessClosed(() =>
          engine.run(
            { kind: 'chat', window, ...jobFields(request) },
            { stop, patienceSeconds, onUpdate: say },
          ),
        )
        return { text, thought, generation: { ...generation, model: model.name, usd: null } }
      })
      return answer
    },
    async *live(signal) {
      while (!signal.aborted) {
        yield { kind: 'live', memory: engine.memory(), windows: engine.windows() }
        await pause(signal)
      }
    },
    local: {
      bench: async (signal = new AbortController().signal, onSpeed) => {
        const stop = AbortSignal.any([signal, closing.signal])
        const onUpdate = ({ what, tokensPerSecond }: BenchUpdate) => onSpeed(what, tokensPerSecond)
        try {
          return await unlessClosed(() =>
            engine.run({ kind: 'bench', window }, { stop, patienceSeconds, onUpdate }),
          )
        } catch (error) {
          signal.throwIfAborted()
          throw error
        }
      },
      roundTrip: (text) => unlessClosed(() => engine.run({ kind: 'round-trip', text }, { patienceSeconds })),
    },
    close() {
      if (closing.signal.aborted) return
      closing.abort()
      engine.leave(window)
    },
  }
}

function gone(): InhouseError {
  return new InhouseError({
    code: 'SESSION_GONE',
    message: 'This model was closed.',
    nextStep: 'Load it again; the conversation is kept.',
  })
}

function jobFields({ messages, settings }: ChatRequest) {
  return { messages: messages.map(({ role, text }) => ({ role, text })), settings }
}

function patienceOf(prediction: RunPrediction | null): number {
  const prefill = prediction?.prefill
  if (prefill === undefined || !isKnown(prefill)) return UNKNOWN_PATIENCE_SECONDS
  return Math.max(LEAST_PATIENCE_SECONDS, (PIECE_PATIENCE * PIECE_TOKENS) / prefill.value)
}

function infoOf(
  model: LocalModelToOpen,
  { nodeLlamaCpp, result }: { readonly result: OpenResult; readonly nodeLlamaCpp: string },
): SessionInfo {
  const { backend, threads } = model.load
  const engine: MeasuredEngine = {
    name: 'llama.cpp',
    release: result.release,
    nodeLlamaCpp,
    backend,
    threads,
  }
  return {
    sessionId: '',
    name: model.name,
    kind: model.kind,
    contextTokens: result.contextTokens,
    engine,
    gpuLayers: result.gpuLayers,
    totalLayers: result.totalLayers,
    buffers: result.buffers,
    adapters: model.adapters,
    template: result.template,
    defaults: {
      ...DEFAULT_CHAT_SETTINGS,
      sampling: { ...DEFAULT_CHAT_SETTINGS.sampling, ...model.sampling },
    },
    prediction: model.prediction,
    noPrediction: model.noPrediction,
    loadSeconds: result.loadSeconds,
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LIVE_INTERVAL_MS)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
