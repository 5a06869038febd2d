import { describe, expect, it } from 'vitest'
import { NO_FILTERS, filterRows, hasFilters } from './filter-rows.ts'
import type { ModelFilters } from './filter-rows.ts'
import { rowOf } from './rows.fixture.ts'

const rows = [
  rowOf({ id: 'Qwen/Qwen3-30B-A3B', developer: 'Alibaba', parameters: 30.5e9, fit: 'no' }),
  rowOf({
    id: 'google/gemma-3-4b-it',
    developer: 'Google',
    parameters: 4.3e9,
    modalities: ['text', 'image'],
    fit: 'tight',
  }),
  rowOf({ id: 'me/mine', developer: 'Me', parameters: 1e9, origin: 'user', kind: 'code' }),
  rowOf({ id: 'x/no-engine', developer: 'X', parameters: 70e9, fit: null }),
]

function kept(filters: Partial<ModelFilters>): readonly string[] {
  return filterRows(rows, { ...NO_FILTERS, ...filters }, (row) => row.model.developer === 'Google').map(
    (row) => row.model.id,
  )
}

describe('filterRows', () => {
  it.each<[Partial<ModelFilters>, readonly string[]]>([
    [{}, rows.map((row) => row.model.id)],
    [{ search: 'qwen 3 30b' }, ['Qwen/Qwen3-30B-A3B']],
    [{ search: 'GEMMA-3' }, ['google/gemma-3-4b-it']],
    [{ search: 'alibaba' }, ['Qwen/Qwen3-30B-A3B']],
    [{ search: '<img' }, []],
    [{ fit: 'runs' }, ['google/gemma-3-4b-it', 'me/mine']],
    [{ fit: 'fits' }, ['me/mine']],
    [{ kind: 'code' }, ['me/mine']],
    [{ developer: 'Google' }, ['google/gemma-3-4b-it']],
    [{ license: 'commercial' }, ['google/gemma-3-4b-it']],
    [{ size: '4b-16b' }, ['google/gemma-3-4b-it']],
    [{ size: 'from-40b' }, ['x/no-engine']],
    [{ modality: 'image' }, ['google/gemma-3-4b-it']],
    [{ own: true }, ['me/mine']],
    [{ own: true, fit: 'any', size: 'from-40b' }, []],
  ])('%o', (filters, expected) => {
    expect(kept(filters)).toEqual(expected)
  })

  it('gives every size to exactly one band', () => {
    const bands = (['to-4b', '4b-16b', '16b-40b', 'from-40b'] as const).flatMap((size) => kept({ size }))
    expect(bands.toSorted()).toEqual(rows.map((row) => row.model.id).toSorted())
  })
})

describe('hasFilters', () => {
  it('sees each filter', () => {
    expect(hasFilters(NO_FILTERS)).toBe(false)
    for (const change of [{ search: 'a' }, { fit: 'runs' }, { own: true }, { size: 'to-4b' }] as const) {
      expect(hasFilters({ ...NO_FILTERS, ...change })).toBe(true)
    }
  })
})
