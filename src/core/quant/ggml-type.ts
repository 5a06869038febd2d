/** How weights are packed: `blockBytes` hold `blockSize` weights of one row. */
export interface StorageType {
  readonly name: string
  readonly blockSize: number
  readonly blockBytes: number
}

/** A tensor type of GGUF files. */
export interface GgmlType extends StorageType {
  /** Its number in the file (`enum ggml_type`, ggml.h). */
  readonly id: number
}

function ggmlType(name: string, id: number, blockSize: number, blockBytes: number): GgmlType {
  return { name, id, blockSize, blockBytes }
}

/** Block sizes and bytes of ggml-common.h, llama.cpp v0.5.0. */
export const GGML_TYPES = {
  F32: ggmlType('F32', 0, 1, 4),
  F16: ggmlType('F16', 1, 1, 2),
  BF16: ggmlType('BF16', 30, 1, 2),
  I32: ggmlType('I32', 26, 1, 4),
  Q4_0: ggmlType('Q4_0', 2, 32, 18),
  Q4_1: ggmlType('Q4_1', 3, 32, 20),
  Q5_0: ggmlType('Q5_0', 6, 32, 22),
  Q5_1: ggmlType('Q5_1', 7, 32, 24),
  Q8_0: ggmlType('Q8_0', 8, 32, 34),
  Q2_K: ggmlType('Q2_K', 10, 256, 84),
  Q3_K: ggmlType('Q3_K', 11, 256, 110),
  Q4_K: ggmlType('Q4_K', 12, 256, 144),
  Q5_K: ggmlType('Q5_K', 13, 256, 176),
  Q6_K: ggmlType('Q6_K', 14, 256, 210),
  IQ1_S: ggmlType('IQ1_S', 19, 256, 50),
  IQ1_M: ggmlType('IQ1_M', 29, 256, 56),
  IQ2_XXS: ggmlType('IQ2_XXS', 16, 256, 66),
  IQ2_XS: ggmlType('IQ2_XS', 17, 256, 74),
  IQ2_S: ggmlType('IQ2_S', 22, 256, 82),
  IQ3_XXS: ggmlType('IQ3_XXS', 18, 256, 98),
  IQ3_S: ggmlType('IQ3_S', 21, 256, 110),
  IQ4_NL: ggmlType('IQ4_NL', 20, 32, 18),
  IQ4_XS: ggmlType('IQ4_XS', 23, 256, 136),
  TQ1_0: ggmlType('TQ1_0', 34, 256, 54),
  TQ2_0: ggmlType('TQ2_0', 35, 256, 66),
  MXFP4: ggmlType('MXFP4', 39, 32, 17),
  NVFP4: ggmlType('NVFP4', 40, 64, 36),
} as const satisfies Readonly<Record<string, GgmlType>>

/** Name of a tensor type as llama.cpp spells it. */
export type GgmlTypeName = keyof typeof GGML_TYPES

/** Bits one weight takes: `bitsPerWeight(GGML_TYPES.Q4_K) === 4.5`. */
export function bitsPerWeight(type: StorageType): number {
  return (type.blockBytes * 8) / type.blockSize
}

/** Bytes of `rows` rows; a row that does not fill its last block still takes all of it. */
export function rowsBytes(type: StorageType, rowLength: number, rows: number): number {
  return Math.ceil(rowLength / type.blockSize) * type.blockBytes * rows
}

/** llama.cpp widens a tensor whose rows do not fill the blocks of its type (llama-quant.cpp, tensor_type_fallback). */
const WIDER: Readonly<Partial<Record<GgmlTypeName, GgmlTypeName>>> = {
  IQ1_S: 'IQ4_NL',
  IQ1_M: 'IQ4_NL',
  IQ2_XXS: 'IQ4_NL',
  IQ2_XS: 'IQ4_NL',
  IQ2_S: 'IQ4_NL',
  IQ3_XXS: 'IQ4_NL',
  IQ3_S: 'IQ4_NL',
  IQ4_XS: 'IQ4_NL',
  Q2_K: 'Q4_0',
  Q3_K: 'Q4_0',
  TQ1_0: 'Q4_0',
  TQ2_0: 'Q4_0',
  Q4_K: 'Q5_0',
  Q5_K: 'Q5_1',
  Q6_K: 'Q8_0',
}

/** The type a row of this length can really have; F16 where not even blocks of 32 fill it. */
export function fittingType(name: GgmlTypeName, rowLength: number): GgmlTypeName {
  if (rowLength % GGML_TYPES[name].blockSize === 0) return name
  const wider = WIDER[name]
  return wider !== undefined && rowLength % GGML_TYPES[wider].blockSize === 0 ? wider : 'F16'
}
