import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRepetition } from '#core/smoke/find-repetition.ts'

const story = `The lighthouse on the northern rock had one keeper, a quiet man named Edgar, and one cat, who had never been
given a name because she answered to none. Every evening he climbed the two hundred steps with a can of oil, and every
evening she followed him as far as the third window, where the warm stone kept some sun. One night in November a storm
put out the lamp. Edgar lay ill below, and it was the cat who cried at his door until he rose, climbed, and lit it again.
In the morning a schooner lay safe in the bay. Its captain sent a fish to the keeper, who gave it to the cat.`

describe('findRepetition', () => {
  it.each([
    ['a story', story],
    ['nothing', ''],
    ['white space', ' \n'.repeat(1000)],
    ['a refrain', `${story}\nNo, no, no, said the cat.\n${story.slice(0, 100)}`],
    ['emphasis', 'ha ha ha ha ha ha ha ha'],
    ['a table', `| Name | Age |\n| ${'-'.repeat(80)} | ${'-'.repeat(80)} |\n| Ann | 5 |`],
    ['a short list', Array.from({ length: 12 }, (_, index) => `${index + 1}. step`).join('\n')],
    [
      'text without spaces',
      '灯塔守护人和他的猫住在海边的岩石上每天晚上他都会爬上两百级台阶点亮那盏旧灯猫总是跟着他走到第三扇窗户',
    ],
  ])('lets %s pass', (_, text) => expect(findRepetition(text)).toBeNull())

  it.each([
    ['one letter', 'a'.repeat(500)],
    ['one sign', '!'.repeat(500)],
    ['one word', `I think that ${'really '.repeat(60)}`],
    ['one sentence', `${story} ${'And then the cat slept. '.repeat(20)}`],
    ['a paragraph', `${story}\n\n`.repeat(4)],
    ['a loop in the middle', `${story} ${'He climbed. '.repeat(40)} ${story}`],
    [
      'numbers that go on',
      Array.from({ length: 60 }, (_, index) => `Day ${index}: he lit the lamp.`).join('\n'),
    ],
    [
      'pieces in any order',
      Array.from(
        { length: 300 },
        (_, index) => ['t383t420', 't298', 't401t286'][((index * index) % 7) % 3],
      ).join(''),
    ],
    ['no spaces', '灯塔守护人和猫。'.repeat(20)],
    [
      'a word that changes',
      Array.from(
        { length: 60 },
        (_, index) => `The ${'abcdefghij'[index % 10]} cat sat on the mat again.`,
      ).join(' '),
    ],
  ])('finds %s', (_, text) => expect(findRepetition(text)).not.toBeNull())

  it('says what comes back, and how often', () => {
    expect(findRepetition('He climbed. '.repeat(40))).toMatchObject({ kind: 'loop', times: 5 })
    expect(findRepetition(`${story}\n`.repeat(6))).toMatchObject({ kind: 'few-phrases', times: 6 })
  })

  it('finds every loop of a piece with a letter in it', () => {
    const unit = fc
      .string({ minLength: 2, maxLength: 60, unit: 'grapheme' })
      .filter((text) => /\p{L}/u.test(text) && !/[\s\d]/.test(text))
    fc.assert(
      fc.property(unit, fc.string({ maxLength: 40 }), (piece, before) => {
        expect(findRepetition(before + piece.repeat(61))).not.toBeNull()
      }),
      { numRuns: 100 },
    )
  })
})
