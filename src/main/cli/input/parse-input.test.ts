import { describe, expect, it } from 'vitest'
import { parseFileSize } from './parse-file-size.ts'
import { parseGpuLayers } from './parse-gpu-layers.ts'
import { parseMemorySize } from './parse-memory-size.ts'
import { parseNumber } from './parse-number.ts'
import { parseDepth, parseTokenCount } from './parse-token-count.ts'
import { parseStreams } from './parse-streams.ts'
import { parseWholeNumber } from './parse-whole-number.ts'

const GIBIBYTE = 1024 ** 3

describe('what people type', () => {
  it.each([
    ['64GB', 64 * GIBIBYTE],
    ['24', 24 * GIBIBYTE],
  ])('reads memory %s in binary units', (text, bytes) => {
    expect(parseMemorySize(text)).toEqual({ kind: 'ok', value: bytes })
  })

  it.each([
    ['20GB', 20e9],
    ['20', 20e9],
    ['500MB', 5e8],
    ['18.5 GiB', 18.5 * GIBIBYTE],
  ])('reads file size %s in decimal units unless it says binary', (text, bytes) => {
    expect(parseFileSize(text)).toEqual({ kind: 'ok', value: bytes })
  })

  it.each([
    ['8192', 8192],
    ['8k', 8192],
    ['128K', 131_072],
    ['1m', 1_048_576],
    ['0.5k', 512],
  ])('reads %s as tokens', (text, tokens) => {
    expect(parseTokenCount(text)).toEqual({ kind: 'ok', value: tokens })
  })

  it('reads an empty cache as a depth, never as a context', () => {
    expect(parseDepth('0')).toEqual({ kind: 'ok', value: 0 })
    expect(parseDepth('4k')).toEqual({ kind: 'ok', value: 4096 })
    expect(parseTokenCount('0').kind).toBe('error')
  })

  it.each([
    ['auto', 'auto'],
    ['ALL', 'all'],
    ['0', 0],
    ['33', 33],
  ])('reads %s as GPU layers', (text, layers) => {
    expect(parseGpuLayers(text)).toEqual({ kind: 'ok', value: layers })
  })

  it.each([
    ['memory', parseMemorySize, ['', 'much', '-4GB', '0', '12XB', 'NaN', '1e9GB']],
    ['files', parseFileSize, ['', '-1', '0GB', '20 parsecs', 'Infinity']],
    ['tokens', parseTokenCount, ['', '-8192', '0', '8kk', '1.5', '0x10', 'eight']],
    ['layers', parseGpuLayers, ['', '-1', '3.5', 'some', '99999']],
    ['streams', parseStreams, ['', '0', '1,,2', '1;2', '65', '2.5', '1,2,3,4,5,6,7,8,9']],
  ] as const)('refuses nonsense for %s and repeats it', (_what, parse, texts) => {
    for (const text of texts) {
      expect(parse(text)).toEqual({ kind: 'error', message: expect.stringContaining(`"${text}"`) })
    }
  })

  it('sorts numbers of streams and takes each once', () => {
    expect(parseStreams(' 8, 1,2,8')).toEqual({ kind: 'ok', value: [1, 2, 8] })
  })

  it('keeps numbers within their limits', () => {
    const limits = { what: 'the number of users', least: 1, most: 100 }
    expect(parseWholeNumber('100', limits)).toEqual({ kind: 'ok', value: 100 })
    for (const text of ['0', '101', '-1', '1.5', 'x', '']) {
      expect(parseWholeNumber(text, limits).kind).toBe('error')
    }
    expect(parseNumber('7.5', { what: 'the least speed', least: 0, most: 10 })).toEqual({
      kind: 'ok',
      value: 7.5,
    })
    expect(parseNumber('-1', { what: 'the least speed', least: 0, most: 10 })).toEqual({
      kind: 'error',
      message: 'the least speed must be a number from 0 to 10, not "-1"',
    })
  })
})
