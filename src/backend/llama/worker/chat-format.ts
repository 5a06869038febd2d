import type { ChatHistoryItem, ChatWrapper, LlamaModel, Token } from 'node-llama-cpp'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import { importEngine } from '#backend/llama/worker/load-engine.ts'
import { withinTime } from '#backend/llama/worker/within-time.ts'

/** A template of any maker renders within milliseconds; it is tried some dozens of times when a file is opened. */
const MOST_SECONDS = 10

/** How turns are written for a model, and whether its file says so. */
export interface ChatFormat {
  readonly wrapper: ChatWrapper
  readonly template: 'file' | 'plain'
}

/**
 * The format of turns that the file brings, or a plain one where it brings none. A template that nobody can follow is
 * refused: an answer in another format than the model learned says nothing about it.
 */
export async function chatFormat(model: LlamaModel): Promise<ChatFormat> {
  const { resolveChatWrapper } = await importEngine()
  const template: unknown = model.fileInfo.metadata.tokenizer?.chat_template
  if (template === undefined || template === '')
    return { wrapper: resolveChatWrapper(model, { warningLogs: false }), template: 'plain' }
  return followed(() => {
    if (typeof template !== 'string') throw new TypeError('the template is no text')
    const wrapper = resolveChatWrapper(model, {
      warningLogs: false,
      // The package would fall back silently to the format of another model of this architecture.
      fallbackToOtherWrappersOnJinjaError: false,
    })
    return { wrapper, template: 'file' }
  })
}

/** The whole prompt as the model will read it, up to where its answer begins. */
export function promptTokens(
  wrapper: ChatWrapper,
  model: LlamaModel,
  history: readonly ChatHistoryItem[],
): readonly Token[] {
  return followed(() => {
    const { contextText } = wrapper.generateContextState({
      chatHistory: [...history, { type: 'model', response: [] }],
    })
    return contextText.tokenize(model.tokenizer)
  })
}

function followed<Result>(work: () => Result): Result {
  try {
    return withinTime(MOST_SECONDS, work)
  } catch (error) {
    const isEndless =
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    throw new EngineJobError(
      'refused',
      `The chat template of this file cannot be followed${isEndless ? ': it comes to no end' : ''}.`,
      String(error),
      'Choose another file of this model; its maker may have mended the template.',
    )
  }
}
