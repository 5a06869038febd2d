import type {
  BenchJob,
  BenchResult,
  ChatJob,
  ChatResult,
  EngineUpdate,
  LeaveJob,
  OpenJob,
  OpenResult,
  RoundTripJob,
} from '#backend/llama/engine-job.ts'
import { chatBench } from '#backend/llama/worker/chat-bench.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import type { EngineLog } from '#backend/llama/worker/engine-log.ts'
import { generate } from '#backend/llama/worker/generate.ts'
import { openModel, type OpenedModel } from '#backend/llama/worker/opened-model.ts'
import type { RunMemory } from '#core/chat/generation.ts'

type Report = (update: EngineUpdate) => void

/** The chats of this process: one model is opened, and everything else is about it. */
export interface ChatService {
  open(job: OpenJob, report: Report): Promise<OpenResult>
  chat(job: ChatJob, report: Report, stop: AbortSignal): Promise<ChatResult>
  bench(job: BenchJob, report: Report, stop: AbortSignal): Promise<BenchResult>
  roundTrip(job: RoundTripJob): Promise<string>
  leave(job: LeaveJob): Promise<null>
  /** Null while no model is open. */
  memory(): Promise<RunMemory | null>
}

/** A service without a model yet. */
export function serveChats(log: EngineLog): ChatService {
  let opened: OpenedModel | null = null
  const model = () => {
    if (opened === null) throw new EngineJobError('unexpected', 'no model is open', '')
    return opened
  }
  return {
    async open(job, report) {
      opened = await openModel(job, log, report)
      return opened.result
    },
    chat: async (job, report, stop) => generate(model(), job, { report, stop }),
    async bench({ window }, report, stop) {
      const seat = await model().seatOf(window)
      const say = (what: 'prefill' | 'decode', tokensPerSecond: number) =>
        report({ kind: 'bench', what, tokensPerSecond })
      return model().alone(() => chatBench(model(), seat, { say, stop }))
    },
    async roundTrip({ text }) {
      const { tokenizer } = model().model
      return tokenizer.detokenize(tokenizer(text, false))
    },
    async leave({ window }) {
      await model().leave(window)
      return null
    },
    memory: async () => opened?.memory() ?? null,
  }
}
