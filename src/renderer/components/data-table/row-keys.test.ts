import { describe, expect, it } from 'vitest'
import { rowAfterKey } from './row-keys.ts'

describe('rowAfterKey', () => {
  it.each([
    ['ArrowDown', 5, 6],
    ['ArrowDown', 29, 29],
    ['ArrowUp', 0, 0],
    ['PageDown', 5, 17],
    ['PageDown', 25, 29],
    ['PageUp', 5, 0],
    ['Home', 20, 0],
    ['End', 3, 29],
    ['Enter', 3, null],
    ['a', 3, null],
  ] as const)('%s from row %i leads to %s of 30 rows', (key, from, to) => {
    expect(rowAfterKey(key, from, 30)).toBe(to)
  })
})
