import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowOf } from './rows.fixture.ts'
import { sortRows } from './sort-rows.ts'

const ids = (rows: ReturnType<typeof sortRows>) => rows.map((row) => row.model.id)

describe('sortRows', () => {
  const rows = [
    rowOf({ id: 'unknown', quality: null }),
    rowOf({ id: 'low', quality: 20 }),
    rowOf({ id: 'high', quality: 80 }),
    rowOf({ id: 'nothing', fit: null, quality: null }),
  ]

  it('puts what is not ranked behind the ranking, in the order it came', () => {
    const ranked = rows.map((row, at) => ({ ...row, rank: [null, 2, 1, null][at] ?? null }))
    expect(ids(sortRows(ranked, 'rank', 'ascending'))).toEqual(['high', 'low', 'unknown', 'nothing'])
  })

  it('puts what is not known last in both directions', () => {
    expect(ids(sortRows(rows, 'quality', 'descending'))).toEqual(['high', 'low', 'unknown', 'nothing'])
    expect(ids(sortRows(rows, 'quality', 'ascending'))).toEqual(['low', 'high', 'unknown', 'nothing'])
  })

  it('orders numbers inside names as numbers and ignores case', () => {
    const named = ['qwen 14B', 'Qwen 4B', 'Aya'].map((name) => rowOf({ id: name, name }))
    expect(ids(sortRows(named, 'model', 'ascending'))).toEqual(['Aya', 'Qwen 4B', 'qwen 14B'])
  })

  it('orders fit from "fits" to "nothing runs it"', () => {
    const fits = (['no', null, 'tight', 'fits'] as const).map((fit) => rowOf({ id: String(fit), fit }))
    expect(ids(sortRows(fits, 'fit', 'ascending'))).toEqual(['fits', 'tight', 'no', 'null'])
  })

  it('loses no row and is sorted, whatever the speeds', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 500 }))), (speeds) => {
        const made = speeds.map((speed, at) => rowOf({ id: String(at), tokensPerSecond: speed }))
        const sorted = sortRows(made, 'decode', 'descending').map((row) => row.best?.plan.decode.value)
        const known = speeds.filter((speed) => speed !== null).toSorted((a, b) => b - a)
        expect(sorted).toEqual([...known, ...speeds.filter((speed) => speed === null)])
      }),
    )
  })
})
