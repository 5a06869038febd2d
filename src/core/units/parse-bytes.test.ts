import { describe, expect, it } from 'vitest'
import { parseBytes } from '#core/units/parse-bytes.ts'

const GIBIBYTE = 1024 ** 3

describe('parseBytes', () => {
  it.each([
    ['64GB', 64 * GIBIBYTE],
    ['64 GiB', 64 * GIBIBYTE],
    ['64g', 64 * GIBIBYTE],
    [' 24 ', 24 * GIBIBYTE],
    ['1.5tb', 1536 * GIBIBYTE],
    ['1,5 TB', 1536 * GIBIBYTE],
    ['512 MB', 512 * 1024 ** 2],
  ])('reads %s', (text, bytes) => {
    expect(parseBytes(text)).toEqual({ kind: 'ok', bytes })
  })

  it.each(['', 'much', '64 apples', '-4GB', '4GB4', 'GB', '1e3GB', 'Infinity', '0GB', '99999 TB'])(
    'refuses %j and says how to write it',
    (text) => {
      const parsed = parseBytes(text)
      expect(parsed.kind).toBe('error')
      expect(parsed).toHaveProperty('message', expect.stringContaining('write'))
    },
  )
})
