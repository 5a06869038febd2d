import { describe, expect, it } from 'vitest'
import {
  bitsPerWeight,
  fittingType,
  GGML_TYPES,
  rowsBytes,
  type GgmlTypeName,
} from '#core/quant/ggml-type.ts'

describe('GGML types', () => {
  // Bits per weight as llama.cpp documents them (tools/quantize, ggml-common.h).
  it.each([
    ['Q4_0', 4.5],
    ['Q4_1', 5],
    ['Q5_0', 5.5],
    ['Q5_1', 6],
    ['Q8_0', 8.5],
    ['Q2_K', 2.625],
    ['Q3_K', 3.4375],
    ['Q4_K', 4.5],
    ['Q5_K', 5.5],
    ['Q6_K', 6.5625],
    ['IQ1_S', 1.5625],
    ['IQ1_M', 1.75],
    ['IQ2_XXS', 2.0625],
    ['IQ2_XS', 2.3125],
    ['IQ2_S', 2.5625],
    ['IQ3_XXS', 3.0625],
    ['IQ3_S', 3.4375],
    ['IQ4_NL', 4.5],
    ['IQ4_XS', 4.25],
    ['TQ1_0', 1.6875],
    ['TQ2_0', 2.0625],
    ['MXFP4', 4.25],
    ['NVFP4', 4.5],
    ['BF16', 16],
    ['F32', 32],
  ] as const)('%s has %d bits per weight', (name, bits) => {
    expect(bitsPerWeight(GGML_TYPES[name])).toBe(bits)
  })

  it('gives each type its own number', () => {
    const ids = Object.values(GGML_TYPES).map((type) => type.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('counts whole blocks', () => {
    expect(rowsBytes(GGML_TYPES.Q4_K, 4096, 4096)).toBe((4096 / 256) * 144 * 4096)
    expect(rowsBytes(GGML_TYPES.Q8_0, 33, 1)).toBe(2 * 34)
  })

  // Rows of 2880 (gpt-oss), 576 (SmolLM2-135M) and 29568 (Qwen2.5-72B) do not fill blocks of 256; 80 not even 32.
  it.each([
    ['Q4_K', 4096, 'Q4_K'],
    ['Q4_K', 2880, 'Q5_0'],
    ['Q5_K', 2880, 'Q5_1'],
    ['Q6_K', 576, 'Q8_0'],
    ['Q2_K', 29568, 'Q4_0'],
    ['IQ4_XS', 29568, 'IQ4_NL'],
    ['IQ2_XXS', 2880, 'IQ4_NL'],
    ['Q8_0', 80, 'F16'],
    ['Q6_K', 80, 'F16'],
  ] as const)('%s in rows of %d becomes %s', (name: GgmlTypeName, rowLength, expected) => {
    expect(fittingType(name, rowLength)).toBe(expected)
  })
})
