import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectedScore, fitAbility, indexOfAbility } from '#core/quality/fit-ability.ts'
import { qualityOf, qualityRecord, similarRange, type QualityTable } from '#core/quality/quality.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'

const table = JSON.parse(
  readFileSync(new URL('../../../data/quality-index.json', import.meta.url), 'utf8'),
) as QualityTable
const models = (
  JSON.parse(readFileSync(new URL('../../../data/models.json', import.meta.url), 'utf8')) as {
    records: Model[]
  }
).records

function model(id: string): Model {
  const found = models.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no such model: ${id}`)
  return found
}

describe('qualityOf', () => {
  it('has a record for every model of the catalogue', () => {
    expect(models.filter((each) => qualityRecord(each.id, table) === null).map((each) => each.id)).toEqual([])
  })

  it('uses the index of the area where the model has scores of it', () => {
    const record = qualityRecord('Qwen/Qwen3-8B', table)
    const code = qualityOf(model('Qwen/Qwen3-8B'), 'code', table)
    expect(code.value).toBe(record?.useCases?.code)
    expect(qualityOf(model('Qwen/Qwen3-8B'), 'documents', table).value).toBe(record?.index)
    expect(isKnown(code) && code.source).toContain('11 published scores')
  })

  it('says in words what a thin figure rests on', () => {
    expect(qualityOf(model('Qwen/Qwen3.5-9B'), 'chat', table)).toMatchObject({
      source: expect.stringContaining('one published score'),
    })
    expect(qualityOf(model('google/gemma-4-E2B-it'), 'chat', table)).toMatchObject({
      source: expect.stringContaining("developer's figures only"),
    })
  })

  it('has no figure without published scores, and the range of similar models beside it', () => {
    const unscored = model('allenai/Olmo-3-32B-Think')
    expect(qualityOf(unscored, 'chat', table)).toEqual({
      value: null,
      unit: 'indexPoints',
      reason: 'no published scores',
    })
    expect(similarRange(unscored, table)).toMatchObject({ low: 63, high: 81 })
    expect(similarRange(model('Qwen/Qwen3-8B'), table)).toBeNull()
  })

  it('does not apply to embedding models', () => {
    expect(isKnown(qualityOf(model('BAAI/bge-m3'), 'embedding', table))).toBe(false)
    expect(similarRange(model('BAAI/bge-m3'), table)).toBeNull()
  })

  it('keeps every interval around its figure', () => {
    const figures = models.map((each) => qualityOf(each, 'code', table)).filter(isKnown)
    expect(figures.length).toBeGreaterThan(140)
    for (const figure of figures) {
      expect(figure.low).toBeLessThanOrEqual(figure.value)
      expect(figure.high).toBeGreaterThanOrEqual(figure.value)
    }
  })
})

describe('fitAbility', () => {
  const prior = { mean: 0, standardDeviation: 1.5 }

  it('returns the prior when there is no score', () => {
    const ability = fitAbility([], { mean: 0.4, standardDeviation: 0.2 }, table)
    expect(ability.theta).toBeCloseTo(0.4, 9)
    expect(ability.standardError).toBeCloseTo(0.2 * table.standardErrorFactor, 9)
  })

  it('finds the ability that made the scores', () => {
    const series = ['dev:mmlu', 'epoch:gpqa-d', 'epoch:math5', 'lb2026_01:reasoning', 'arena:text-2025-08']
    for (const theta of [-0.5, 0.3, 0.9]) {
      const scores = series.flatMap((each) => {
        const curve = table.curves[each]
        return curve === undefined ? [] : [{ series: each, score: expectedScore(curve, theta), weight: 1 }]
      })
      expect(fitAbility(scores, prior, table).theta).toBeCloseTo(theta, 1)
    }
  })

  it('is not carried away by one absurd score', () => {
    const curve = table.curves['dev:mmlu-pro']
    if (curve === undefined) throw new Error('no curve')
    const honest = ['dev:mmlu-pro', 'epoch:gpqa-d', 'epoch:math5', 'lb2026_01:reasoning'].flatMap(
      (series) => {
        const each = table.curves[series]
        return each === undefined ? [] : [{ series, score: expectedScore(each, 0.2), weight: 1 }]
      },
    )
    const absurd = [...honest, { series: 'lb2026_01:math', score: 0.99, weight: 1 }]
    const moved =
      indexOfAbility(fitAbility(absurd, prior, table).theta, table) -
      indexOfAbility(fitAbility(honest, prior, table).theta, table)
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThan(6)
  })

  it('gives the landmarks of the index', () => {
    // Published with the index: GPT-4o (May 2024) 55.3, o1 75.6.
    for (const [id, landmark] of [
      ['openai/gpt-4o-2024-05-13', 55.3],
      ['openai/o1-2024-12-17', 75.6],
    ] as const) {
      expect(indexOfAbility(qualityRecord(id, table)?.theta ?? 0, table)).toBeCloseTo(landmark, 0)
    }
  })
})
