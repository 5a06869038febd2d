import { describe, expect, it } from 'vitest'
import { compareSmokeTests } from '#core/smoke/compare-smoke-tests.ts'
import { SMOKE_CHECKS } from '#core/smoke/smoke-record.ts'
import { sampleSmoke } from '../../../test/measurement-samples.ts'

const first = sampleSmoke('smoke-000001')
const [arithmetic] = first.checks

describe('compareSmokeTests', () => {
  it('finds nothing changed between a test and itself', () => {
    const { changedAnswers, changedOutcomes, checks, decode } = compareSmokeTests(first, first)
    expect([changedAnswers, changedOutcomes]).toEqual([0, 0])
    expect(checks.map(({ id }) => id)).toEqual(SMOKE_CHECKS)
    expect(decode).toEqual({ values: [41.5, 41.5], ratio: 1 })
  })

  it('sets outcomes, answers, speeds and sizes beside one another', () => {
    const other = sampleSmoke('smoke-000002', {
      passed: false,
      subject: { ...first.subject, fileBytes: first.subject.fileBytes! * 2 },
      checks: [
        {
          ...arithmetic!,
          outcome: 'failed',
          transcript: [arithmetic!.transcript[0]!, { role: 'assistant', text: '43' }],
        },
      ],
      bench: { ...first.bench!, decode: { ...first.bench!.decode, tokensPerSecond: 20.75 } },
    })
    const compared = compareSmokeTests(first, other)
    expect(compared.checks.find(({ id }) => id === 'arithmetic')).toEqual({
      id: 'arithmetic',
      outcomes: ['passed', 'failed'],
      answers: [[arithmetic!.transcript[1]!.text], ['43']],
      sameAnswers: false,
    })
    expect(compared).toMatchObject({
      changedAnswers: 1,
      changedOutcomes: 1,
      decode: { ratio: 0.5 },
      prefill: { ratio: 1 },
      fileBytes: { ratio: 2 },
      acceleratorBytes: { values: [null, null], ratio: null },
    })
  })

  it('compares no answers to different questions, and no speed that nobody measured', () => {
    const endpoint = sampleSmoke('smoke-000003', {
      engine: null,
      bench: null,
      memory: null,
      checks: [{ ...arithmetic!, transcript: [{ role: 'user', text: 'What is 1 + 1?' }] }],
    })
    const compared = compareSmokeTests(first, endpoint)
    expect(compared.changedAnswers).toBe(0)
    expect(compared.decode).toEqual({ values: [41.5, null], ratio: null })
    expect(compared.residentBytes).toEqual({ values: [1_500_000_000, null], ratio: null })
  })
})
