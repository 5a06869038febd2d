import fc from 'fast-check'
import { expect, it } from 'vitest'
import { splitThoughts } from '#backend/endpoint/split-thoughts.ts'

/** What comes out, whatever the pieces were. */
function split(pieces: readonly string[]) {
  const splitting = splitThoughts()
  const said = { answer: '', thought: '' }
  for (const { part, text } of [...pieces.flatMap((piece) => splitting.push(piece)), ...splitting.end()]) {
    said[part] += text
  }
  return said
}

const CASES: readonly [string, string, string][] = [
  ['<think>a < b</think>\n\nc', 'a < b', 'c'],
  ['\n <think>a', 'a', ''],
  ['<think>a</thin', 'a</thin', ''],
  ['<thin', '', '<thin'],
  ['<b>a</b>', '', '<b>a</b>'],
  ['a <think>b</think>', '', 'a <think>b</think>'],
  ['<think></think> a </think>', '', 'a </think>'],
  ['  a ', '', '  a '],
]

it.each(CASES)('%j', (text, thought, answer) => {
  expect(split([text])).toEqual({ thought, answer })
})

it('does not depend on where the pieces are cut', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CASES.map(([text]) => text)),
      fc.array(fc.nat(30), { maxLength: 10 }),
      (text, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length]
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
        expect(split(pieces)).toEqual(split([text]))
      },
    ),
  )
})
