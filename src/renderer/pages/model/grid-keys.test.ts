import { describe, expect, it } from 'vitest'
import { cellAfterKey } from './grid-keys.ts'

describe('cellAfterKey', () => {
  const size = { rows: 3, columns: 4 }

  it.each([
    ['ArrowDown', [1, 1], [2, 1]],
    ['ArrowDown', [2, 1], [2, 1]],
    ['ArrowUp', [0, 1], [0, 1]],
    ['ArrowLeft', [1, 0], [1, 0]],
    ['ArrowRight', [1, 2], [1, 3]],
    ['ArrowRight', [1, 3], [1, 3]],
    ['Home', [1, 2], [1, 0]],
    ['End', [1, 2], [1, 3]],
    ['PageUp', [2, 2], [0, 2]],
    ['PageDown', [0, 2], [2, 2]],
  ] as const)('%s from %o leads to %o', (key, [row, column], [toRow, toColumn]) => {
    expect(cellAfterKey(key, { row, column }, size)).toEqual({ row: toRow, column: toColumn })
  })

  it('leaves every other key to the cell', () => {
    expect(cellAfterKey('Enter', { row: 0, column: 0 }, size)).toBeNull()
    expect(cellAfterKey('Tab', { row: 0, column: 0 }, size)).toBeNull()
  })
})
