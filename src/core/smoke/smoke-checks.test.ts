import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SAMPLING } from '#core/chat/chat-settings.ts'
import { NEEDLE } from '#core/smoke/needle-prompt.ts'
import {
  MOST_ANSWER_CHARACTERS,
  type SmokeAbout,
  type SmokeAnswer,
  type SmokeCheck,
  type SmokeEvidence,
} from '#core/smoke/smoke-check.ts'
import { smokeChecks } from '#core/smoke/smoke-checks.ts'
import { SMOKE_CHECKS, type SmokeCheckId } from '#core/smoke/smoke-record.ts'
import { ROUND_TRIP_TEXT } from '#core/smoke/speech-checks.ts'

const file: SmokeAbout = { kind: 'file', contextTokens: 8192, sampling: DEFAULT_SAMPLING }
const pilot: SmokeAbout = { ...file, kind: 'pilot', contextTokens: 512 }
const endpoint: SmokeAbout = { ...file, kind: 'endpoint', contextTokens: null }

function asked(id: SmokeCheckId, about = file): Extract<SmokeCheck, { kind: 'asked' }> {
  const check = smokeChecks(about).find((each) => each.id === id)
  if (check?.kind !== 'asked') throw new Error(`${id} is not asked`)
  return check
}

const said = (text: string, changes: Partial<SmokeAnswer> = {}): SmokeAnswer => ({
  text,
  thought: null,
  stopReason: 'end-of-turn',
  ...changes,
})

function grade(
  id: SmokeCheckId,
  answers: readonly (string | SmokeAnswer)[],
  changes: Partial<SmokeEvidence> & { readonly about?: SmokeAbout } = {},
) {
  const { about, ...evidence } = changes
  return asked(id, about).grade({
    answers: answers.map((answer) => (typeof answer === 'string' ? said(answer) : answer)),
    roundTrip: ROUND_TRIP_TEXT,
    saidBefore: [],
    ...evidence,
  })
}

const outcome = (...wanted: Parameters<typeof grade>) => grade(...wanted).outcome

describe('smokeChecks', () => {
  it('asks all nine of a file, and the endpoint the same', () => {
    for (const about of [file, endpoint]) {
      expect(smokeChecks(about).map(({ id, kind }) => [id, kind])).toEqual(
        SMOKE_CHECKS.map((id) => [id, 'asked']),
      )
    }
  })

  it('does not ask the pilot for abilities, and says why', () => {
    const left = smokeChecks(pilot).filter(({ kind }) => kind === 'not-asked')
    expect(left).toEqual(
      ['follows-format', 'arithmetic', 'needle'].map((id) => ({
        kind: 'not-asked',
        id,
        why: 'The pilot knows its manual and nothing else.',
      })),
    )
  })

  it.each([file, pilot, endpoint, { ...file, contextTokens: 256 }])(
    'leaves room for the question in its context: %o',
    (about) => {
      for (const check of smokeChecks(about)) {
        if (check.kind === 'not-asked') continue
        for (const { settings, text } of check.questions) {
          // A token has three characters at least in such English.
          const tokens = text.length / 3 + settings.maxTokens!
          expect(tokens).toBeLessThanOrEqual(about.contextTokens ?? 8192)
          expect(settings.maxTokens).toBeGreaterThan(0)
        }
      }
    },
  )

  it('scales the long prompt with the context and leaves it out where there is no room', () => {
    const characters = (contextTokens: number) =>
      asked('needle', { ...file, contextTokens }).questions[0]!.text.length
    expect(characters(2048)).toBeLessThan(characters(4096))
    expect(characters(32_768)).toBe(characters(131_072))
    expect(smokeChecks({ ...file, contextTokens: 512 }).find(({ id }) => id === 'needle')).toMatchObject({
      kind: 'not-asked',
      why: 'A context of 512 tokens has no room for a long prompt.',
    })
  })

  it('hides the needle once, and not at an edge', () => {
    const { text } = asked('needle').questions[0]!
    expect(text.match(/\d+/g)).toEqual([NEEDLE])
    const place = text.indexOf(NEEDLE) / text.length
    expect(place).toBeGreaterThan(0.2)
    expect(place).toBeLessThan(0.8)
  })

  it('asks for one of two likely words only where servers cannot help but differ', () => {
    const shown = (about: SmokeAbout) =>
      asked('deterministic', about).questions.filter(({ isSpacer }) => !isSpacer)
    for (const about of [file, pilot, endpoint]) {
      const [first, second, ...more] = shown(about)
      expect([second, more]).toEqual([first, []])
      expect(first!.settings.sampling.temperature).toBe(0)
    }
  })
})

const NOTHING: readonly (readonly [string, SmokeAnswer, RegExp])[] = [
  ['empty', said(''), /^The answer is empty\.$/],
  ['white space', said(' \n\t\u00a0 '), /only white space/],
  [
    'thoughts without an end',
    said('', { thought: 'so', stopReason: 'max-tokens' }),
    /never came to an answer/,
  ],
  ['thoughts alone', said(' ', { thought: 'so' }), /then said nothing/],
]

describe.each(SMOKE_CHECKS)('%s', (id) => {
  it.each(NOTHING)('fails on %s', (_, answer, why) => {
    expect(grade(id, [answer, answer])).toEqual({ outcome: 'failed', why: expect.stringMatching(why) })
  })

  it('fails on no answer', () => {
    expect(grade(id, [])).toEqual({ outcome: 'failed', why: 'There was no answer.' })
  })

  it('says one printable sentence about anything', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('42', '\u202e\u0007\ud800'),
    )
    const answer = fc.record({
      text,
      thought: fc.option(text),
      stopReason: fc.constantFrom('end-of-turn' as const, 'max-tokens' as const, 'stopped' as const),
    })
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 3 }), fc.option(text), (answers, roundTrip) => {
        const { why } = grade(id, answers, { roundTrip })
        expect(why).toMatch(/^[A-Z][^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+\.$/u)
        expect(why.length).toBeLessThan(500)
      }),
      { numRuns: 50 },
    )
  })
})

describe('answers', () => {
  it.each(['Paris.', '巴黎', '7'])('takes %s', (text) => expect(outcome('answers', [text])).toBe('passed'))
  it.each(['!!!!!!', '...', '\u{1f642}'])('does not take %s', (text) =>
    expect(grade('answers', [text]).why).toBe(`Expected words; it said “${text}”.`),
  )
})

describe('stops', () => {
  it('takes an answer that ends', () => expect(outcome('stops', ['Hello!'])).toBe('passed'))

  it.each([
    ['max-tokens', 'Hello', /until its limit of tokens without an end/],
    ['context-full', 'Hello', /until the context was full without an end/],
    ['stopped', 'x'.repeat(MOST_ANSWER_CHARACTERS), /for 2000 characters without an end/],
  ] as const)('does not take one that goes on: %s', (stopReason, text, why) => {
    expect(grade('stops', [said(text, { stopReason })])).toEqual({
      outcome: 'failed',
      why: expect.stringMatching(why),
    })
  })

  it.each([
    'Hello!<|im_end|>',
    'Hello!\n<|im_start|>user',
    'Hi</s>',
    'Hi<end_of_turn>',
    '[INST] Hi',
    'Hi<｜User｜>',
  ])('does not take the marks of turns: %s', (text) =>
    expect(grade('stops', [text]).why).toMatch(/a mark between turns\.$/),
  )
})

describe('follows-format', () => {
  it.each([
    '1\n2\n3\n4\n5',
    '1\r\n2\r\n3\r\n4\r\n5\r\n',
    '1.\n2.\n3.\n4.\n5.',
    '```\n1\n2\n3\n4\n5\n```',
    '- 1\n- 2\n- 3\n- 4\n- 5',
  ])('takes %j', (text) => expect(outcome('follows-format', [text])).toBe('passed'))
  it.each([
    '1 2 3 4 5',
    '1, 2, 3, 4, 5',
    'one\ntwo\nthree\nfour\nfive',
    'Sure! Here they are:\n1\n2\n3\n4\n5',
    '1\n2\n3\n4\n5\n6',
    '1\n2\n3\n4',
    '5\n4\n3\n2\n1',
    '1\n2\n3\n4\n5\n'.repeat(200),
  ])('does not take %j', (text) => expect(outcome('follows-format', [text])).toBe('failed'))
})

describe('valid-json', () => {
  const paris = { name: 'Paris', country: 'France', isCapital: true }

  it('takes what the schema wants, whatever its white space', () => {
    expect(outcome('valid-json', [JSON.stringify(paris)])).toBe('passed')
    expect(outcome('valid-json', [`\n${JSON.stringify(paris, null, 2)}\n`])).toBe('passed')
  })

  it.each([
    ['{"name": "Paris", "country": "Fra', 'this is no JSON'],
    ['Sure: {"name": "Paris"}', 'this is no JSON'],
    ['```json\n{}\n```', 'this is no JSON'],
    ['"Paris"', 'this is no object'],
    ['null', 'this is no object'],
    [JSON.stringify([paris]), 'this is no object'],
    ['{}', '"name" is missing'],
    [JSON.stringify({ ...paris, name: 5 }), '"name" is no string'],
    [JSON.stringify({ ...paris, isCapital: 'yes' }), '"isCapital" is no boolean'],
    [JSON.stringify({ ...paris, mayor: 'x' }), 'it has more than that'],
    ['{"__proto__": {"name": "a", "country": "b", "isCapital": true}}', '"name" is missing'],
  ])('does not take %j', (text, why) => {
    expect(grade('valid-json', [text])).toEqual({ outcome: 'failed', why: expect.stringContaining(why) })
  })

  it('asks the pilot for the form it knows', () => {
    const { questions } = asked('valid-json', pilot)
    expect(JSON.parse(questions[0]!.settings.jsonSchema!)).toEqual({
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    })
    expect(outcome('valid-json', ['{"answer": "Numbers with fewer bits."}'], { about: pilot })).toBe('passed')
  })
})

describe('arithmetic', () => {
  it.each([
    '42',
    '42.',
    '**42**',
    '17 + 25 = 42',
    '42 (17 + 25)',
    'First 7 + 5 = 12, then 30 + 12 = 42.',
    '\\boxed{42}',
  ])('takes %j', (text) => expect(outcome('arithmetic', [text])).toBe('passed'))
  it.each([
    'forty-two',
    'Forty-two (17 + 25)',
    '43',
    '4 2',
    '-42',
    '1042',
    '42.5',
    '420',
    '42,000',
    '17 + 25',
    'It is 42 or 43.',
    Array.from({ length: 43 }, (_, number) => number).join(' '),
    '42 '.repeat(500),
  ])('does not take %j', (text) => expect(outcome('arithmetic', [text])).toBe('failed'))
})

describe('needle', () => {
  it.each([NEEDLE, `The code is ${NEEDLE}.`, `**${NEEDLE}**`, '7,291', `${NEEDLE}. I repeat: ${NEEDLE}`])(
    'takes %j',
    (text) => expect(outcome('needle', [text])).toBe('passed'),
  )
  it.each([
    '7292',
    `1${NEEDLE}`,
    `${NEEDLE}0`,
    `${NEEDLE} or 1234`,
    'seven two nine one',
    'There is no code.',
  ])('does not take %j', (text) => expect(outcome('needle', [text])).toBe('failed'))
})

describe('deterministic', () => {
  it('takes the same twice', () => expect(outcome('deterministic', ['The sea.', 'The sea.'])).toBe('passed'))

  it('shows where two answers part', () => {
    expect(grade('deterministic', ['The sea is wide and blue.', 'The sea is wide and deep.']).why).toBe(
      'Asked twice at temperature 0, it said “wide and blue.”, then “wide and deep.”.',
    )
    expect(grade('deterministic', ['The sea', 'The sea is']).outcome).toBe('failed')
  })

  it('holds thoughts to it too, but not those of a server', () => {
    const answers = [said('It.', { thought: 'a' }), said('It.', { thought: 'b' })]
    expect(grade('deterministic', answers).why).toMatch(/the same after different thoughts/)
    expect(outcome('deterministic', answers, { about: endpoint })).toBe('passed')
  })
})

describe('unicode', () => {
  const water = 'νερό, вода, 水, ماء 💧'

  it('takes a tokenizer that changes nothing', () => {
    expect(outcome('unicode', [water])).toBe('passed')
    expect(outcome('unicode', [water], { roundTrip: ` ${ROUND_TRIP_TEXT.normalize('NFC')}` })).toBe('passed')
    expect(grade('unicode', [water], { roundTrip: null }).why).toBe('It said no broken character.')
  })

  it('does not take one that loses signs', () => {
    for (const roundTrip of ['', ROUND_TRIP_TEXT.toLowerCase(), ROUND_TRIP_TEXT.replace('🙂', '\ufffd')]) {
      expect(grade('unicode', [water], { roundTrip }).why).toMatch(/^The tokenizer gives text/)
    }
  })

  it('finds a broken character in anything that was said', () => {
    expect(outcome('unicode', ['вод\ufffd'])).toBe('failed')
    expect(grade('unicode', [water], { saidBefore: ['fine', 'not \ufffd fine'] }).why).toBe(
      'Expected whole characters; it said a broken one (U+FFFD): “not \ufffd fine”.',
    )
  })
})
