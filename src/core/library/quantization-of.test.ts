import { describe, expect, it } from 'vitest'
import { quantizationOf } from '#core/library/quantization-of.ts'
import { FILE_TYPES } from '#core/quant/file-types.ts'
import { GGML_TYPES, type GgmlTypeName } from '#core/quant/ggml-type.ts'

function stored(fileType: number | null, types: Partial<Record<GgmlTypeName, number>>) {
  const elementsByType = new Map(
    Object.entries(types).map(([name, count]) => [GGML_TYPES[name as GgmlTypeName].id, count] as const),
  )
  return quantizationOf({ fileType, elementsByType })
}

describe('quantizationOf', () => {
  it.each([
    // What the file says, with types as llama.cpp mixes them.
    [15, { F32: 1, Q4_K: 80, Q6_K: 20 }, { id: 'Q4_K_M', name: 'Q4_K_M' }],
    [14, { Q4_K: 95, Q6_K: 5 }, { id: 'Q4_K_S', name: 'Q4_K_S' }],
    [1, { F32: 1, F16: 99 }, { id: 'F16', name: 'F16' }],
    // Qwen2.5 0.5B, whose rows of 896 fill no blocks of 256: Q5_0 and Q8_0 stand in.
    [15, { Q5_0: 90, Q8_0: 10 }, { id: 'Q4_K_M', name: 'Q4_K_M' }],
    // "Guessed" is a bit beside the type.
    [1024 + 7, { Q8_0: 100 }, { id: 'Q8_0', name: 'Q8_0' }],
    // The file type of the file it was made from.
    [1, { F32: 1, Q4_K: 99 }, { id: 'Q4_K_M', name: 'mostly Q4_K' }],
    [32, { Q8_0: 99 }, { id: 'Q8_0', name: 'mostly Q8_0' }],
    // Nothing said.
    [null, { F32: 1, Q5_K: 70, Q6_K: 30 }, { id: 'Q5_K_M', name: 'mostly Q5_K' }],
    [null, { F32: 10 }, { id: null, name: 'mostly F32' }],
    [0, { F32: 10 }, { id: null, name: 'mostly F32' }],
    [null, {}, { id: null, name: 'not stated' }],
    // A type of files whose tensors were not listed.
    [18, {}, { id: 'Q6_K', name: 'Q6_K' }],
    [39, { NVFP4: 10 }, { id: null, name: 'mostly NVFP4' }],
    [999, { Q4_0: 10 }, { id: 'Q4_0', name: 'mostly Q4_0' }],
  ] as const)('file type %s with %j', (fileType, types, expected) => {
    expect(stored(fileType, types)).toEqual(expected)
  })

  it('names a type it does not know', () => {
    expect(quantizationOf({ fileType: 40, elementsByType: new Map([[41, 10]]) })).toEqual({
      id: null,
      name: 'Q1_0',
    })
    expect(quantizationOf({ fileType: null, elementsByType: new Map([[42, 10]]) })).toEqual({
      id: null,
      name: 'mostly type 42',
    })
  })

  it('has each file type once', () => {
    const numbers = Object.values(FILE_TYPES)
    expect(new Set(numbers).size).toBe(numbers.length)
  })
})
