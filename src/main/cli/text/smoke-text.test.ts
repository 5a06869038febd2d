import { describe, expect, it } from 'vitest'
import { SMOKE_CHECKS, type SmokeCheckResult } from '#core/smoke/smoke-record.ts'
import { sampleSmoke } from '../../../../test/measurement-samples.ts'
import { smokeProgressText } from './smoke-progress-text.ts'
import { checkText, comparisonText, smokeEndText } from './smoke-text.ts'
import { styleOf } from './style.ts'

const style = styleOf({}, {})
const record = sampleSmoke('smoke-000001')
const said: SmokeCheckResult = {
  id: 'arithmetic',
  outcome: 'failed',
  why: 'Expected 42; it said “43”.',
  transcript: [
    { role: 'user', text: 'What is 17 + 25?' },
    { role: 'assistant', text: 'It is\n\u001b[2J43\u202e' },
  ],
  tookSeconds: 1,
}
const decode = {
  value: 30,
  unit: 'tokensPerSecond',
  basis: 'estimated',
  low: 25,
  high: 40,
  source: 'the formulas',
} as const
const prediction = {
  modelId: 'a/b',
  modelName: 'B',
  quantizationId: 'Q4_K_M',
  matchedBy: 'name',
  mode: 'cpu',
  gpuLayers: 0,
  totalLayers: 29,
  decode,
  prefill: { value: null, unit: 'tokensPerSecond', reason: 'no benchmark' },
  memory: { ...decode, unit: 'bytes' },
  pools: [],
} as const

describe('checkText', () => {
  it('shows of a failed check what was said, and nothing that drives a terminal', () => {
    expect(checkText(said, { style, transcript: false })).toBe(
      [
        '✗ arithmetic             Expected 42; it said “43”.\n',
        '    user       What is 17 + 25?\n',
        '    assistant  It is\n',
        '               \ufffd[2J43\ufffd\n',
      ].join(''),
    )
  })

  it('shows the rest only where it is asked for, and a question without an answer not at all', () => {
    const passed = { ...said, outcome: 'passed' } as const
    expect(checkText(passed, { style, transcript: false }).split('\n')).toHaveLength(2)
    expect(checkText(passed, { style, transcript: true }).split('\n')).toHaveLength(5)
    const unanswered = { ...said, transcript: said.transcript.slice(0, 1) }
    expect(checkText(unanswered, { style, transcript: false }).split('\n')).toHaveLength(2)
  })
})

describe('smokeEndText', () => {
  it('sets what was timed beside what was predicted', () => {
    const outcome = { record, prediction, noPrediction: null, isMeasurement: true }
    expect(smokeEndText(outcome, style)).toBe(
      [
        'Decode  42 tok/s ●, predicted ~30 tok/s (25–40): the estimate was 28 % low\n',
        'Prefill  210 tok/s ●\n',
        'Memory  1.4 GiB in RAM\n',
        'Passed: 1 of 1 checks, in 12.5 s. Its speed now corrects the estimates of this machine.\n\n',
      ].join(''),
    )
  })

  it('says why nothing was predicted, and that it failed', () => {
    const failed = sampleSmoke('smoke-000002', { passed: false, checks: [said] })
    const text = smokeEndText(
      { record: failed, prediction: null, noPrediction: 'nobody knows it', isMeasurement: false },
      style,
    )
    expect(text).toContain('Nothing was predicted: nobody knows it.\nFailed: 0 of 1 checks, in 12.5 s.\n')
  })

  it('says that a disturbed speed corrects nothing', () => {
    const disturbed = sampleSmoke('smoke-000003', { othersBusyProcessors: 1.2 })
    const text = smokeEndText(
      { record: disturbed, prediction, noPrediction: null, isMeasurement: true },
      style,
    )
    expect(text).toContain('Other programs kept 1.2 processors busy')
    expect(text).not.toContain('now corrects')
  })

  it('tells of an endpoint what was asked, and no speed', () => {
    const endpoint = sampleSmoke('smoke-000004', { engine: null, bench: null, memory: null })
    const text = smokeEndText(
      { record: endpoint, prediction: null, noPrediction: 'it runs elsewhere', isMeasurement: false },
      style,
    )
    expect(text).toBe('Passed: 1 of 1 checks, in 12.5 s.\n\n')
  })
})

describe('comparisonText', () => {
  it('has a column for each, and the second as a multiple of the first', () => {
    const other = sampleSmoke('smoke-000002', {
      subject: { ...record.subject, name: 'Qwen3 0.6B Q8_0', fileBytes: 793_410_944 },
      checks: [said],
    })
    const lines = comparisonText(record, other, style).split('\n')
    expect(lines[0]).toMatch(/Qwen3 0\.6B Q4_K_M +Qwen3 0\.6B Q8_0 +second to first/)
    expect(lines.find((line) => line.startsWith('arithmetic'))).toMatch(/✓ +✗ +other answer/)
    expect(lines.find((line) => line.startsWith('File'))).toMatch(/0\.397 GB +0\.793 GB +× 2$/)
    expect(lines.find((line) => line.startsWith('Accelerators'))).toBeUndefined()
    expect(lines.slice(-3)).toEqual([
      'arithmetic             “42 🙂”',
      '                       “It is [2J43”',
      '',
    ])
  })

  it('tells two tests of one name apart', () => {
    expect(comparisonText(record, record, style)).toMatch(/Q4_K_M \(1\) +Qwen3 0\.6B Q4_K_M \(2\)/)
  })
})

describe('smokeProgressText', () => {
  it('has one safe line for every update', () => {
    const lines = [
      { kind: 'loading', fraction: 0.456 },
      ...SMOKE_CHECKS.map((id) => ({ kind: 'check-started', id }) as const),
      { kind: 'text', text: `${'x'.repeat(100)}\n\u001b[31mred` },
      { kind: 'check-done', result: said },
      { kind: 'bench', what: 'decode', tokensPerSecond: 41.5 },
    ] as const
    const texts = lines.map(smokeProgressText)
    expect(texts[0]).toBe('Loading: 45 %')
    expect(texts[1]).toBe('Check 1 of 9: answers')
    expect(texts.at(-1)).toBe('Timing decode: 42 tok/s')
    for (const text of texts) expect(text).toMatch(/^[^\p{Cc}]{3,80}$/u)
  })
})
