import type { ChatRequest, OpenModel } from '#backend/chat/open-model.ts'
import { generationOf } from '#backend/endpoint/answer-record.ts'
import type { Usage } from '#backend/endpoint/answer-part.ts'
import { answerStream } from '#backend/endpoint/answer-stream.ts'
import {
  askEndpoint,
  saidIn,
  type EndpointAccess,
  type EndpointReply,
} from '#backend/endpoint/ask-endpoint.ts'
import {
  chatBody,
  namedInRefusal,
  refusedByHost,
  refusesSchema,
  type Dropped,
} from '#backend/endpoint/chat-body.ts'
import { endpointAddress } from '#backend/endpoint/endpoint-address.ts'
import { errorInStream, statusError } from '#backend/endpoint/endpoint-error.ts'
import { serverWords } from '#backend/endpoint/endpoint-words.ts'
import { splitThoughts } from '#backend/endpoint/split-thoughts.ts'
import type { ChatAnswer, ChatUpdate, SessionInfo } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import type { StopReason } from '#core/chat/generation.ts'

export { listEndpointModels } from '#backend/endpoint/list-endpoint-models.ts'

/** A model behind an endpoint. */
export interface EndpointModel extends EndpointAccess {
  readonly model: string
  /** Default: {@link PATIENCE}. */
  readonly patience?: { readonly firstSeconds: number; readonly nextSeconds: number }
}

/**
 * A server loads its model and reads the prompt before the first word, and Node itself waits five minutes for that; then
 * each word may take a while on a slow processor, but not this long.
 */
const PATIENCE = { firstSeconds: 290, nextSeconds: 120 } as const
/** A refusal may name one field at a time; there are eight it can do without, and one that has another name. */
const MOST_TRIES = 10
/** Ollama answers a schema that it cannot follow with 500. */
const SCHEMA_REFUSALS = [400, 422, 500, 501]
/** As much text as a conversation may hold in one message. */
const MAX_LETTERS = 8 * 1024 * 1024

/** A model behind an OpenAI-compatible endpoint, to chat with and to test like one of this machine. Nothing is asked yet. */
export function openEndpointModel(target: EndpointModel): OpenModel {
  const dropped = new Set<Dropped>(refusedByHost(new URL(target.endpoint.url)))
  const closing = new AbortController()
  return {
    info: infoOf(target),
    chat: (request, signal) =>
      chat({
        target,
        dropped,
        request,
        signal: AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]),
      }),
    live: (signal) => nothingUntil(AbortSignal.any([closing.signal, signal])),
    local: null,
    close: () => closing.abort(),
  }
}

/** Neither memory nor windows are known of it; but whoever listens has it open. */
async function* nothingUntil(signal: AbortSignal): ReturnType<OpenModel['live']> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  }
  yield* []
}

interface Chat {
  readonly target: EndpointModel
  /** What this server has refused; shared by all chats with it. */
  readonly dropped: Set<Dropped>
  readonly request: ChatRequest
  readonly signal: AbortSignal
}

async function* chat({ target, dropped, request, signal }: Chat): AsyncGenerator<ChatUpdate, ChatAnswer> {
  const said = { answer: '', thought: '' }
  let firstAt: number | null = null
  let lastAt: number | null = null
  let usage: Usage | null = null
  let finish: string | null = null
  let stopReason: StopReason = 'stopped'
  let reply: EndpointReply | null = null
  const split = splitThoughts()
  const say = function* (pieces: ReturnType<typeof split.push>): Generator<ChatUpdate, void> {
    for (const piece of pieces) {
      said[piece.part] += piece.text
      if (said.answer.length + said.thought.length > MAX_LETTERS) throw endless(target)
      yield { kind: 'text', ...piece }
    }
  }
  try {
    reply = await asked({ target, dropped, request, signal })
    for await (const part of answerStream(reply)) {
      // OpenRouter ends with this word where the server behind it failed.
      const hasFailed = part.kind === 'error' || (part.kind === 'finish' && part.reason === 'error')
      if (hasFailed) {
        throw errorInStream(part.kind === 'error' ? part.said : null, { ...reply, model: target.model })
      }
      if (part.kind === 'usage') usage = part.usage
      if (part.kind === 'finish') finish = part.reason
      if (part.kind !== 'text') continue
      lastAt = performance.now()
      firstAt ??= lastAt
      yield* say(part.part === 'thought' ? [part] : split.push(part.text))
    }
    yield* say(split.end())
    stopReason = stopReasonOf(finish, target)
  } catch (error) {
    // Stopped: what there is counts.
    if (!signal.aborted) throw error
    yield* say(split.end())
  } finally {
    reply?.leave()
  }
  const { endpoint } = target
  // A request that was refused and asked again in other words is not part of the time.
  const askedAt = reply?.askedAt ?? 0
  const seen = { endpoint, model: nameOf(target), stopReason, askedAt, firstAt, lastAt, usage }
  const hasThought = said.thought !== ''
  return {
    text: said.answer,
    thought: hasThought ? said.thought : null,
    generation: generationOf({ ...seen, hasThought }),
  }
}

/** Asks again without what the server refuses by name, as long as the request can do without it. */
async function asked({ target, dropped, request, signal }: Chat): Promise<EndpointReply> {
  for (let tries = 1; ; tries++) {
    const body = chatBody(target.model, request, dropped)
    const reply = await askEndpoint({
      ...target,
      path: '/chat/completions',
      body,
      signal,
      patience: target.patience ?? PATIENCE,
    })
    const { address, key, response } = reply
    if (response.ok) return reply
    const { status } = response
    const said = await saidIn(reply)
    const named = status === 400 || status === 422 ? namedInRefusal(said, body) : []
    if (named.length > 0 && tries < MOST_TRIES) {
      for (const name of named) dropped.add(name)
      continue
    }
    if (SCHEMA_REFUSALS.includes(status) && refusesSchema(said, body)) {
      throw schemaRefused(target, serverWords(said, key))
    }
    const retryAfter = response.headers.get('retry-after')
    throw statusError({ address, status, said, retryAfter, key, model: target.model })
  }
}

function stopReasonOf(finish: string | null, { model }: EndpointModel): StopReason {
  if (finish === 'content_filter') {
    throw new InhouseError({
      code: 'CHAT_REFUSED',
      message: `The server of ${model} filtered its answer and ended it.`,
      nextStep: 'Ask in other words, or ask a model of your own.',
    })
  }
  // Mistral tells a full context from the longest answer.
  if (finish === 'model_length') return 'context-full'
  return finish === 'length' ? 'max-tokens' : 'end-of-turn'
}

function schemaRefused({ model }: EndpointModel, words: string | null): InhouseError {
  return new InhouseError({
    code: 'CHAT_REFUSED',
    message: `The server of ${model} does not answer by this JSON schema.${words === null ? '' : ` It says: ${words}`}`,
    nextStep: 'Change the schema as it says, leave it out, or ask a model of your own.',
  })
}

function endless({ model }: EndpointModel): InhouseError {
  return new InhouseError({
    code: 'SERVER_REFUSED',
    message: `The answer of ${model} is longer than 8 MiB and does not end.`,
    nextStep: 'Limit the length of the answer, and try again.',
  })
}

function nameOf({ endpoint, model }: EndpointModel): string {
  return `${model} at ${new URL(endpoint.url).host}`
}

function infoOf(target: EndpointModel): SessionInfo {
  // A wrong address is said now, not at the first question.
  endpointAddress(target.endpoint, '/chat/completions')
  return {
    sessionId: '',
    name: nameOf(target),
    kind: 'endpoint',
    contextTokens: null,
    engine: null,
    gpuLayers: null,
    totalLayers: null,
    buffers: [],
    adapters: [],
    template: 'server',
    defaults: DEFAULT_CHAT_SETTINGS,
    prediction: null,
    noPrediction: 'a server runs it, with what Inhouse does not know',
    loadSeconds: null,
  }
}
