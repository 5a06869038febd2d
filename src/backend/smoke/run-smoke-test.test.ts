import { describe, expect, it } from 'vitest'
import { runSmokeTest } from '#backend/smoke/run-smoke-test.ts'
import { scriptedModel, type Script, type ScriptedModelOptions } from '../../../test/scripted-model.ts'
import { smokeRecordSchema } from '#backend/store/measurement-schema.ts'
import type { SmokeUpdate } from '#contract/chatting.ts'
import { InhouseError, type InhouseErrorCode } from '#contract/inhouse-error.ts'
import { MOST_ANSWER_CHARACTERS } from '#core/smoke/smoke-check.ts'
import { SMOKE_CHECKS, type SmokeCheckId, type SmokeRecord } from '#core/smoke/smoke-record.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'

/** Right answers, found by words of the questions. */
const RIGHT: readonly (readonly [string, string])[] = [
  ['capital', 'Paris.'],
  ['hello', 'Hello!'],
  ['numbers from 1', '1\n2\n3\n4\n5'],
  ['JSON', '{"name": "Paris", "country": "France", "isCapital": true}'],
  ['17 + 25', '42'],
  ['locker', '7291'],
  ['lighthouse', 'A keeper had a cat, and the cat had him.'],
  ['sea', 'The sea is wide. It is blue.'],
  ['week', 'Monday, Tuesday, …'],
  ['Good morning', 'Good morning!'],
  ['water', 'νερό вода 水 ماء 💧'],
]
const right: Script = (text) =>
  RIGHT.find(([words]) => text.includes(words))?.[1] ?? 'Quantization is fewer bits.'
const except =
  (words: string, script: Script): Script =>
  (text, request) =>
    text.includes(words) ? script(text, request) : right(text, request)

const failure = (code: InhouseErrorCode) =>
  new InhouseError({ code, message: 'It said \u001b[31mno.', nextStep: 'Try again.' })

function start(script: Script, options: ScriptedModelOptions = {}, signal?: AbortSignal) {
  return runSmokeTest(
    {
      model: scriptedModel(script, options),
      subject: {
        name: 'Qwen3\n8B \u202eQ4_K_M',
        kind: options.kind ?? 'file',
        fileName: 'a.gguf',
        fileBytes: 5,
        modelId: null,
        quantizationId: null,
        adapters: [],
      },
      machine: whatIfMachine(['none'], 32),
      now: () => new Date('2026-11-25T10:00:00.000Z'),
      newId: () => 'smoke-000001',
    },
    signal,
  )
}

async function run(...wanted: Parameters<typeof start>) {
  const updates: SmokeUpdate[] = []
  const test = start(...wanted)
  for (;;) {
    const step = await test.next()
    if (step.done === true) return { record: step.value, updates }
    updates.push(step.value)
  }
}

const outcomes = ({ checks }: SmokeRecord) =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]))
const failedOf = ({ checks }: SmokeRecord): SmokeCheckId[] =>
  checks.flatMap(({ id, outcome }) => (outcome === 'failed' ? [id] : []))

describe('runSmokeTest', () => {
  it('passes a model that answers as it should, and makes a record that can be kept', async () => {
    const { record, updates } = await run(right)
    expect(outcomes(record)).toEqual(Object.fromEntries(SMOKE_CHECKS.map((id) => [id, 'passed'])))
    expect(record).toMatchObject({
      id: 'smoke-000001',
      measuredAt: '2026-11-25T10:00:00.000Z',
      passed: true,
      subject: { name: 'Qwen3 8B Q4_K_M' },
      bench: { decode: { tokensPerSecond: 41.5 } },
      memory: { residentBytes: 1_500_000_000 },
      othersBusyProcessors: 0.1,
      contextTokens: 4096,
    })
    expect(smokeRecordSchema.parse(record)).toEqual(record)
    expect(updates.filter(({ kind }) => kind === 'bench')).toEqual([
      { kind: 'bench', what: 'prefill', tokensPerSecond: 210 },
      { kind: 'bench', what: 'decode', tokensPerSecond: 41.5 },
    ])
    const steps = updates.flatMap((update) => {
      if (update.kind === 'check-started') return [`start ${update.id}`]
      return update.kind === 'check-done' ? [`done ${update.result.id}`] : []
    })
    expect(steps).toEqual(SMOKE_CHECKS.flatMap((id) => [`start ${id}`, `done ${id}`]))
  })

  it('shows what was asked and said, and not what only empties the cache', async () => {
    const { record, updates } = await run(right)
    expect(record.checks.find(({ id }) => id === 'deterministic')?.transcript).toEqual([
      { role: 'user', text: 'Describe the sea in two sentences.' },
      { role: 'assistant', text: 'The sea is wide. It is blue.' },
      { role: 'user', text: 'Describe the sea in two sentences.' },
      { role: 'assistant', text: 'The sea is wide. It is blue.' },
    ])
    const said = updates.flatMap((update) => (update.kind === 'text' ? [update.text] : []))
    expect(said).toContain('Paris.')
    expect(said).not.toContain('Good morning!')
  })

  it('asks the pilot what it knows, and passes it without the rest', async () => {
    const { record } = await run((text) => (text.includes('JSON') ? '{"answer": "a"}' : 'Fewer bits.'), {
      kind: 'pilot',
      contextTokens: 512,
    })
    expect(record.passed).toBe(true)
    expect(record.checks.filter(({ outcome }) => outcome === 'not-asked').map(({ id }) => id)).toEqual([
      'follows-format',
      'arithmetic',
      'needle',
    ])
  })

  it('asks an endpoint without timing what runs elsewhere', async () => {
    const { record } = await run(right, { kind: 'endpoint', contextTokens: null })
    expect(record).toMatchObject({ passed: true, engine: null, bench: null, memory: null, gpuLayers: null })
    expect(smokeRecordSchema.parse(record)).toEqual(record)
  })

  it('fails the check that is answered wrong, and only that one', async () => {
    const { record } = await run(except('17 + 25', () => 'forty-two'))
    expect([record.passed, failedOf(record)]).toEqual([false, ['arithmetic']])
  })

  it('fails a model that answers nothing in every check', async () => {
    const { record } = await run(() => '')
    expect(failedOf(record)).toEqual(SMOKE_CHECKS)
  })

  it('cuts off an answer without an end', async () => {
    let said = 0
    function* forever(): Generator<string> {
      for (;;) {
        said += 100
        yield 'and so on '.repeat(10)
      }
    }
    const endless = { [Symbol.iterator]: forever } as unknown as readonly string[]
    const { record } = await run(except('hello', () => endless))
    expect(failedOf(record)).toEqual(['stops'])
    const stops = record.checks.find(({ id }) => id === 'stops')
    expect(stops?.why).toBe('Expected one short sentence; it went on for 2000 characters without an end.')
    expect(stops?.transcript[1]?.text).toHaveLength(MOST_ANSWER_CHARACTERS)
    expect(said).toBeLessThan(2 * MOST_ANSWER_CHARACTERS)
  })

  it('keeps a record although a server sends a book at once', async () => {
    const { record } = await run(() => '\u0000x'.repeat(1_000_000), { kind: 'endpoint' })
    expect(smokeRecordSchema.parse(record)).toEqual(record)
    expect(JSON.stringify(record).length).toBeLessThan(1_000_000)
  })

  it('finds a tokenizer that loses characters', async () => {
    const { record } = await run(right, { roundTrip: (text) => text.replaceAll(/[^\n-~]/g, '?') })
    expect(failedOf(record)).toEqual(['unicode'])
  })

  it.each(['CHAT_REFUSED', 'SERVER_REFUSED', 'RATE_LIMITED', 'NETWORK_FAILED'] as const)(
    'fails a check that is refused, with the cause, and goes on: %s',
    async (code) => {
      const { record } = await run(except('JSON', () => failure(code)))
      expect(failedOf(record)).toEqual(['valid-json'])
      expect(record.checks.find(({ id }) => id === 'valid-json')).toMatchObject({
        why: 'The question was not answered. It said [31mno. Try again.',
        transcript: [{ role: 'user' }],
      })
      expect(smokeRecordSchema.parse(record)).toEqual(record)
    },
  )

  it.each(['ENGINE_CRASHED', 'ENGINE_HUNG', 'OUT_OF_MEMORY', 'SESSION_GONE'] as const)(
    'ends when the model is lost, after saying where: %s',
    async (code) => {
      const test = start(except('hello', () => failure(code)))
      const done: string[] = []
      const ending = (async () => {
        for await (const update of test) {
          if (update.kind === 'check-done') done.push(`${update.result.id} ${update.result.outcome}`)
        }
      })()
      await expect(ending).rejects.toMatchObject({ code })
      expect(done).toEqual(['answers passed', 'stops failed'])
    },
  )

  it.each(['NETWORK_FAILED', 'ACCESS_DENIED', 'REMOTE_NOT_FOUND'] as const)(
    'ends where the first question finds no model: %s',
    async (code) => {
      await expect(run(() => failure(code), { kind: 'endpoint' })).rejects.toMatchObject({ code })
    },
  )

  it('ends when the model is lost while it is timed', async () => {
    const bench = () => Promise.reject(failure('ENGINE_CRASHED'))
    await expect(run(right, { bench })).rejects.toMatchObject({ code: 'ENGINE_CRASHED' })
  })

  it('passes on what is a defect of its own', async () => {
    await expect(run(() => new TypeError('no such thing'))).rejects.toThrow('no such thing')
  })

  it('ends with the reason of its signal, in the middle of an answer too', async () => {
    const stop = new AbortController()
    const test = start(
      except('hello', () => ['Hel', 'lo', '!']),
      {},
      stop.signal,
    )
    for (;;) {
      const { value } = await test.next()
      if ((value as SmokeUpdate).kind === 'text' && (value as { text: string }).text === 'Hel') break
    }
    stop.abort(failure('MEASURE_CANCELLED'))
    await expect(test.next()).rejects.toMatchObject({ code: 'MEASURE_CANCELLED' })
  })

  it('is called off by whoever leaves it', async () => {
    let left = false
    const model = scriptedModel(right)
    const test = start(right)
    const watched = runSmokeTest({
      model: {
        ...model,
        async *chat(request, signal) {
          try {
            return yield* model.chat(request, signal)
          } finally {
            left = true
          }
        },
      },
      subject: { ...(await run(right)).record.subject },
      machine: whatIfMachine(['none'], 32),
    })
    for await (const update of watched) if (update.kind === 'text') break
    expect(left).toBe(true)
    await test.return(undefined as never)
  })
})
