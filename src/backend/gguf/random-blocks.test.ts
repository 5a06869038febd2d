import { describe, expect, it } from 'vitest'
import { randomPattern } from '#backend/gguf/random-blocks.ts'
import { GGML_TYPES, type GgmlTypeName } from '#core/quant/ggml-type.ts'

/** IEEE 754 half precision, told from its bits. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const mantissa = bits & 0x3ff
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

/** Byte positions of the halves in one block, from ggml-common.h. */
const HALVES: Readonly<Partial<Record<GgmlTypeName, readonly number[]>>> = {
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q2_K: [80, 82],
  Q3_K: [108],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
  IQ1_S: [0],
  IQ2_XXS: [0],
  IQ2_XS: [0],
  IQ2_S: [0],
  IQ3_XXS: [0],
  IQ3_S: [0],
  IQ4_NL: [0],
  IQ4_XS: [0],
  TQ1_0: [52],
  TQ2_0: [64],
}

const pattern = (name: GgmlTypeName, flavour: 'weight' | 'factor' | 'decay' | 'index' = 'weight'): Buffer =>
  randomPattern({ type: GGML_TYPES[name], flavour, seed: 1, experts: 8 })

describe('randomPattern', () => {
  it.each(Object.entries(HALVES))('makes small finite scales in every block of %s', (name, positions) => {
    const type = GGML_TYPES[name as GgmlTypeName]
    const buffer = pattern(name as GgmlTypeName)
    expect(buffer.length % type.blockBytes).toBe(0)
    for (let block = 0; block < buffer.length; block += type.blockBytes)
      for (const at of positions) {
        const value = halfValue(buffer.readUInt16LE(block + at))
        if (!(value >= 2 ** -14 && value <= 0.1)) throw new Error(`${name}: ${value} at ${block + at}`)
      }
  })

  it('spreads the scale of IQ1_M over its four words', () => {
    const buffer = pattern('IQ1_M')
    for (let block = 0; block < buffer.length; block += 56) {
      const words = [0, 1, 2, 3].map((word) => buffer.readUInt16LE(block + 48 + 2 * word))
      // As ggml-quants.c puts it together.
      const bits =
        (words[0]! >> 12) | ((words[1]! >> 8) & 0xf0) | ((words[2]! >> 4) & 0xf00) | (words[3]! & 0xf000)
      expect(halfValue(bits)).toBe(2 ** -11)
    }
  })

  it('keeps the exponent of MXFP4 near 1', () => {
    const buffer = pattern('MXFP4')
    const exponents = new Set<number>()
    for (let block = 0; block < buffer.length; block += 17) exponents.add(buffer.readUInt8(block))
    expect([...exponents].toSorted((a, b) => a - b)).toEqual([120, 121])
  })

  it('makes floats of the size of weights, norms near one, decays below zero, indices of experts', () => {
    const floats = (buffer: Buffer): Float32Array => new Float32Array(buffer.buffer, 0, 4096)
    for (const value of floats(pattern('F32'))) {
      expect(Math.abs(value)).toBeGreaterThanOrEqual(2 ** -6)
      expect(Math.abs(value)).toBeLessThan(2 ** -5)
    }
    for (const value of floats(pattern('F32', 'factor'))) {
      expect(value).toBeGreaterThanOrEqual(1)
      expect(value).toBeLessThan(1.126)
    }
    for (const value of floats(pattern('F32', 'decay'))) expect(value).toBeLessThanOrEqual(-1)
    const halves = pattern('F16')
    for (let at = 0; at < 4096; at += 2)
      expect(Math.abs(halfValue(halves.readUInt16LE(at)))).toBeLessThan(2 ** -5)
    const indices = pattern('I32', 'index')
    for (let at = 0; at < 4096; at += 4) expect(indices.readInt32LE(at)).toBeLessThan(8)
  })

  it('knows every type a recipe can give', () => {
    const known = new Set([...Object.keys(HALVES), 'F32', 'F16', 'BF16', 'I32', 'IQ1_M', 'MXFP4', 'NVFP4'])
    expect(Object.keys(GGML_TYPES).filter((name) => !known.has(name))).toEqual([])
  })
})
