import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineOfPath, parseRecord, splitRecords } from '#backend/catalog/json-places.ts'

const text = `{
  "schema": "x",
  "records": [
    { "id": "a", "sizes": [1, 2] },
    { "id": "b, ]}",
      "deep": { "list": [
        { "n": 1 },
        { "n": "\\"two" }
      ] }
    }
  ]
}`

describe('splitRecords', () => {
  it('cuts a list of records and knows the line of each', () => {
    expect(splitRecords(text)?.map((record) => record.line)).toEqual([4, 5])
    expect(splitRecords(text)?.map(parseRecord)).toEqual(
      (JSON.parse(text) as { records: unknown[] }).records.map((value) => ({ kind: 'value', value })),
    )
  })

  it('accepts a bare list, an empty one, and says when there is none', () => {
    expect(splitRecords('[1, {"a": 2}]')?.map((record) => record.text)).toEqual(['1', '{"a": 2}'])
    expect(splitRecords('{"records": []}')).toEqual([])
    expect(splitRecords('{"models": [1]}')).toBeNull()
    expect(splitRecords('')).toBeNull()
  })

  it('loses only the broken record', () => {
    const broken = '[\n{"id": "a"},\n{"id": "b" "size": 1},\n{"id": "c"}\n{"id": "d"}\n]'
    const records = splitRecords(broken)?.map(parseRecord)
    expect(records?.map((record) => record.kind)).toEqual(['value', 'broken', 'value', 'value'])
    expect(records?.[1]).toMatchObject({ kind: 'broken', line: 3 })
  })

  it('names the line inside a record that spans several', () => {
    const records = splitRecords('[\n{"id": "a",\n "x": 1,\n "y": oops\n},\n{"id": "b"}]')?.map(parseRecord)
    expect(records?.[0]).toMatchObject({ kind: 'broken', line: 4 })
    expect(records?.[1]).toMatchObject({ kind: 'value' })
    const mistakes: [string, number, string][] = [
      ['{"a": [1,\n2,\n]}', 3, 'unexpected ]'],
      ['{"a": 1\n"b": 2}', 2, 'unexpected "b"'],
      ['{"a": 1,\n}', 2, 'unexpected }'],
      ["{\n'a': 1}", 2, "unexpected 'a'"],
      ['{"a": [1}', 1, 'unexpected }'],
      ['{"a": \n{"b": 1}\n', 3, 'it ends too early'],
      ['{"a": "never closed\n}', 1, 'unexpected "never closed'],
    ]
    for (const [broken, line, message] of mistakes)
      expect([broken, parseRecord({ text: broken, line: 1 })]).toEqual([
        broken,
        { kind: 'broken', line, message: `is not valid JSON: ${message}` },
      ])
  })

  it('reads any list as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, 4), (values, indent) => {
        const read = splitRecords(JSON.stringify({ before: [1], records: values }, null, indent))?.map(
          parseRecord,
        )
        const parsed = JSON.parse(JSON.stringify(values)) as unknown[]
        expect(read).toEqual(parsed.map((value) => ({ kind: 'value', value })))
      }),
    )
  })
})

describe('lineOfPath', () => {
  it('finds values, and the container of what is missing', () => {
    expect(lineOfPath(text, ['records', 1, 'deep', 'list', 1, 'n'])).toBe(8)
    expect(lineOfPath(text, ['records', 0, 'sizes', 1])).toBe(4)
    expect(lineOfPath(text, ['records', 1, 'missing'])).toBe(5)
    expect(lineOfPath(text, [])).toBe(1)
  })
})
