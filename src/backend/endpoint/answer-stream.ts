import { createParser } from 'eventsource-parser'
import { answerParts, type AnswerPart } from '#backend/endpoint/answer-part.ts'
import { parseJson, textOf, type EndpointReply } from '#backend/endpoint/ask-endpoint.ts'
import { brokenOff, unexpectedAnswer } from '#backend/endpoint/endpoint-error.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Far beyond one message of any server. */
const MAX_MESSAGE_LETTERS = 1024 * 1024
/** An answer of 8 MiB, each token in a message of its own with all its trimmings. */
const MAX_BYTES = 1024 * 1024 * 1024
/** A whole answer at once. */
const MAX_WHOLE_BYTES = 32 * 1024 * 1024
const DONE = '[DONE]'

/** What an answer says, message by message; of a server that does not stream, all at once. Throws where it breaks off. */
export async function* answerStream(reply: EndpointReply): AsyncGenerator<AnswerPart, void> {
  const type = (reply.response.headers.get('content-type') ?? '').toLowerCase()
  if (type.includes('text/event-stream')) return yield* streamed(reply)
  if (type.includes('json') && !type.includes('ndjson')) return yield* whole(reply)
  if (type.includes('html')) throw unexpectedAnswer(reply.address, 'with a web page')
  throw unexpectedAnswer(reply.address, `with something else than a chat (${kindOf(type)})`)
}

/** Of a content type only what such a thing may be made of. */
function kindOf(type: string): string {
  return /^[\w.+/-]{1,60}/.exec(type)?.[0] ?? 'of no kind'
}

async function* whole(reply: EndpointReply): AsyncGenerator<AnswerPart, void> {
  const text = await textOf(reply, MAX_WHOLE_BYTES, () => {
    throw unexpectedAnswer(reply.address, 'without an end')
  })
  const parts = answerParts(parseJson(text))
  if (parts === null || parts.length === 0) {
    throw unexpectedAnswer(reply.address, 'with something else than a chat')
  }
  yield* parts
}

async function* streamed(reply: EndpointReply): AsyncGenerator<AnswerPart, void> {
  const decoder = new TextDecoder()
  const messages = messageQueue(reply.address)
  let bytes = 0
  let isFinished = false
  const taken = (parts: readonly AnswerPart[]) => {
    isFinished ||= parts.some(({ kind }) => kind === 'finish')
    return parts
  }
  try {
    for await (const piece of reply.pieces()) {
      bytes += piece.length
      if (bytes > MAX_BYTES) throw unexpectedAnswer(reply.address, 'without an end')
      messages.feed(decoder.decode(piece, { stream: true }))
      yield* taken(messages.take())
      if (messages.isDone()) return
    }
    // The last message may lack the empty line behind it.
    messages.feed(`${decoder.decode()}\n\n`)
    yield* taken(messages.take())
  } catch (error) {
    // Where everything was said, only the goodbye is missing.
    const isGoodbye = isFinished && error instanceof InhouseError && error.code === 'NETWORK_FAILED'
    if (!isGoodbye) throw error
  }
  if (!isFinished && !messages.isDone()) throw brokenOff(reply.address)
}

function messageQueue(address: URL) {
  let parts: AnswerPart[] = []
  let isDone = false
  let failure: InhouseError | null = null
  const hear = (data: string) => {
    if (isDone || data.trim() === '') return
    if (data.trim() === DONE) {
      isDone = true
      return
    }
    const heard = answerParts(parseJson(data))
    if (heard === null) failure ??= unexpectedAnswer(address, 'with something else than a chat')
    else parts.push(...heard)
  }
  const parser = createParser({
    maxBufferSize: MAX_MESSAGE_LETTERS,
    onEvent: ({ data }) => hear(data),
    onError({ field, type, value }) {
      if (type === 'max-buffer-size-exceeded')
        failure = unexpectedAnswer(address, 'with a line without an end')
      // llama-server before 2025 wrote an error as a field of that name.
      if (type === 'unknown-field' && field === 'error') hear(`{"error":${value ?? '""'}}`)
    },
  })
  return {
    feed(text: string) {
      if (text !== '') parser.feed(text)
      if (failure !== null) throw failure
    },
    take() {
      const taken = parts
      parts = []
      return taken
    },
    isDone: () => isDone,
  }
}
