import { GGML_TYPES, type StorageType } from '#core/quant/ggml-type.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'

interface PackedFormat {
  readonly weights: StorageType
  /** Rows must be a multiple of this; 1 where any row can be packed. */
  readonly group: number
  /** Embeddings and output head are packed too (MLX), or stay at 16 bits (formats of GPU servers). */
  readonly packsTables: boolean
}

const mlx = (bits: number): PackedFormat => ({
  // mlx.nn.quantize: groups of 64 with a 16-bit scale and a 16-bit bias.
  weights: { name: `MLX ${bits} bit`, blockSize: 64, blockBytes: 8 * bits + 4 },
  group: 64,
  packsTables: true,
})

/** 4-bit weights in groups of 128, each with a 16-bit scale and a 4-bit zero point (AutoAWQ, AutoGPTQ). */
const FOUR_BIT_GROUPS: PackedFormat = {
  weights: { name: '4 bit in groups of 128', blockSize: 128, blockBytes: 66.5 },
  group: 128,
  packsTables: false,
}

const PACKED_FORMATS: Readonly<Record<string, PackedFormat>> = {
  AWQ: FOUR_BIT_GROUPS,
  GPTQ: FOUR_BIT_GROUPS,
  // One byte a weight and a 32-bit scale per 128 by 128 weights (DeepSeek-V3 report).
  FP8: { weights: { name: 'FP8', blockSize: 1, blockBytes: 1 + 4 / 128 ** 2 }, group: 1, packsTables: false },
  // 4-bit floats with an FP8 scale per 16 weights.
  NVFP4: { weights: { name: 'NVFP4', blockSize: 16, blockBytes: 9 }, group: 16, packsTables: false },
  'MLX-4bit': mlx(4),
  'MLX-6bit': mlx(6),
  'MLX-8bit': mlx(8),
}

/** Narrows a quantization id to a format of vLLM or MLX that is not a GGUF recipe. */
export function isPackedFormat(id: string): boolean {
  return Object.hasOwn(PACKED_FORMATS, id)
}

function isMatrix(tensor: QuantTensor): boolean {
  return tensor.quantizable && tensor.role !== 'router'
}

/**
 * How a tensor is stored in a vLLM or MLX checkpoint. Router, norms, biases and convolutions stay at 16 bits; known error:
 * some checkpoints also leave single layers or projections unpacked, which only their configuration tells.
 */
export function packedType(tensor: QuantTensor, id: string): StorageType {
  const format = PACKED_FORMATS[id]
  const isTable = tensor.category === 'embedding' || tensor.category === 'output'
  if (format === undefined || !isMatrix(tensor) || (isTable && !format.packsTables)) return GGML_TYPES.BF16
  return tensor.rowLength % format.group === 0 ? format.weights : GGML_TYPES.BF16
}
