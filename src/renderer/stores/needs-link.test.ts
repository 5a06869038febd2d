import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { DEFAULT_NEEDS, LICENSE_NEEDS, USE_CASES, type Needs } from '#core/advise/needs.ts'
import { readNeedsLink, writeNeedsLink } from './needs-link.ts'

const anyNeeds: fc.Arbitrary<Needs> = fc.record({
  useCase: fc.constantFrom(...USE_CASES),
  contextTokens: fc.integer({ min: 1, max: 1_000_000 }),
  users: fc.integer({ min: 1, max: 1000 }),
  minTokensPerSecond: fc.integer({ min: 0, max: 200 }),
  license: fc.constantFrom(...LICENSE_NEEDS),
  maxFileBytes: fc.option(fc.integer({ min: 1, max: 1e12 })),
  includeSuperseded: fc.boolean(),
  useReserve: fc.boolean(),
})

describe('needs in a link', () => {
  it('says nothing when all is default', () => {
    expect(writeNeedsLink(DEFAULT_NEEDS)).toBeNull()
  })

  it('says only what differs, in words', () => {
    const needs: Needs = { ...DEFAULT_NEEDS, useCase: 'code', contextTokens: 32_768, users: 4 }
    expect(writeNeedsLink(needs)).toBe('use:code,context:32768,users:4')
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(anyNeeds, (needs) => {
        expect(readNeedsLink(writeNeedsLink(needs) ?? '')).toEqual(needs)
      }),
    )
  })

  it.each([
    ['use:hacking', DEFAULT_NEEDS],
    ['users:-3,context:lots,speed:1e400', DEFAULT_NEEDS],
    ['<script>:1,users:4', { ...DEFAULT_NEEDS, users: 4 }],
    [',,:,', DEFAULT_NEEDS],
  ])('leaves out what makes no sense in %s', (text, needs) => {
    expect(readNeedsLink(text)).toEqual(needs)
  })
})
