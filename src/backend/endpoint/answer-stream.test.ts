import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answerStream } from '#backend/endpoint/answer-stream.ts'
import type { EndpointReply } from '#backend/endpoint/ask-endpoint.ts'
import { DONE, delta, finish } from '#backend/endpoint/testing/scripted-server.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

const data = (message: object) => `data: ${JSON.stringify(message)}\n\n`
const STREAM = Buffer.from(
  [
    ': ping\n\n',
    data(delta('Grüße ')),
    data(delta('an 🦙!\n')),
    data(finish('stop', { usage: { prompt_tokens: 1, completion_tokens: 2 } })),
    DONE,
  ].join(''),
)

function reply(pieces: readonly Uint8Array[]): EndpointReply {
  return {
    address: new URL('http://127.0.0.1/v1/chat/completions'),
    key: null,
    askedAt: 0,
    response: new Response(null, { headers: { 'content-type': 'text/event-stream' } }),
    async *pieces() {
      yield* pieces
    },
    leave: () => undefined,
  }
}

async function heard(pieces: readonly Uint8Array[]) {
  const parts = []
  for await (const part of answerStream(reply(pieces))) parts.push(part)
  return parts
}

function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.filter((place) => place < bytes.length).toSorted((a, b) => a - b), bytes.length]
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

it('hears the same wherever the network cuts, in the middle of a letter too', async () => {
  const whole = await heard([STREAM])
  expect(whole.map((part) => (part.kind === 'text' ? part.text : part.kind))).toEqual([
    'Grüße ',
    'an 🦙!\n',
    'finish',
    'usage',
  ])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(STREAM.length - 1), { maxLength: 40 }), async (places) => {
      expect(await heard(cut(STREAM, places))).toEqual(whole)
    }),
  )
  expect(await heard(Array.from(STREAM, (byte) => Uint8Array.of(byte)))).toEqual(whole)
})

it('takes a stream that ends early for no answer, wherever it ends', async () => {
  const told = STREAM.indexOf('"finish_reason":"stop"')
  await fc.assert(
    fc.asyncProperty(fc.nat(told), async (end) => {
      await expect(heard([STREAM.subarray(0, end)])).rejects.toBeInstanceOf(InhouseError)
    }),
  )
})

it('hears damaged streams as an answer or as an error in words, never as a defect', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(STREAM.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const damaged = Uint8Array.from(STREAM)
        for (const [place, byte] of changes) damaged[place] = byte
        const outcome: unknown = await heard([damaged]).catch((error: unknown) => error)
        expect(Array.isArray(outcome) || outcome instanceof InhouseError).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
})
