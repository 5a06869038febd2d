import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTable } from './format-table.ts'
import { plainText } from './plain-text.ts'
import { cutToWidth, textWidth, wrapText } from './text-width.ts'

const plain = { terminalColumns: null, paintTitle: (text: string) => text }

describe('text width', () => {
  it.each([
    ['Qwen3 4B', 8],
    ['通义千问', 8],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['🚀', 2],
    ['\u001b[31mred\u001b[39m', 3],
    ['~38 tok/s ●', 11],
  ])('of %j is %i columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns)
  })

  it('never cuts to more than it was asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(textWidth(cutToWidth(plainText(text), columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })

  it('wraps at spaces and loses no word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 }), (words) => {
        const lines = wrapText(words.join(' '), 20)
        expect(lines.join(' ')).toBe(words.join(' '))
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(20)
      }),
    )
  })
})

describe('table', () => {
  it('lines columns up, whatever their characters', () => {
    const text = formatTable(
      {
        columns: [{ title: 'Model' }, { title: 'Speed', align: 'right' }],
        rows: [
          ['通义', '8.4'],
          ['Qwen3 4B', '120'],
        ],
      },
      plain,
    )
    expect(text).toBe(['Model     Speed', '通义        8.4', 'Qwen3 4B    120', ''].join('\n'))
  })

  it('pads before it paints, so that colours take no room', () => {
    const paint = (text: string): string => `\u001b[32m${text}\u001b[39m`
    const table = { columns: [{ title: 'Fit' }, { title: 'Next' }], rows: [[{ text: 'ok', paint }, 'x']] }
    expect(formatTable(table, plain)).toBe('Fit  Next\n\u001b[32mok \u001b[39m  x\n')
  })

  it('narrows the flexible columns of a narrow terminal and nothing when piped', () => {
    const table = {
      columns: [{ title: 'Name', flexible: true }, { title: 'Size' }],
      rows: [['a model with a very long name indeed', '4.92 GB']],
    }
    const narrow = formatTable(table, { ...plain, terminalColumns: 30 })
    expect(Math.max(...narrow.split('\n').map(textWidth))).toBeLessThanOrEqual(30)
    expect(narrow).toContain('…')
    expect(formatTable(table, plain)).toContain('a model with a very long name indeed')
  })
})

describe('text from outside', () => {
  it('cannot steer the terminal', () => {
    expect(plainText('\u001b]0;owned\u0007<b>x</b>\u202egnp\r\n')).toBe(
      '\ufffd]0;owned\ufffd<b>x</b>\ufffdgnp\ufffd\ufffd',
    )
  })
})
