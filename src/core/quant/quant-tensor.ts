import { isRoutedExpert } from '#core/model/parameter-count.ts'
import type { TensorRole } from '#core/model/tensor.ts'

/** What recipes look at, by name as llama.cpp does; wider than a role. */
export type QuantCategory =
  | 'embedding'
  | 'output'
  | 'query'
  | 'key'
  /** attn_v: the one quantization hurts most. */
  | 'value'
  /** attn_qkv: query, key and value in one tensor. */
  | 'queryKeyValue'
  | 'attentionOutput'
  | 'up'
  | 'gate'
  | 'down'
  | 'other'

/** A tensor as quantization sees it; names are read once, when a model is first looked at. */
export interface QuantTensor {
  readonly role: TensorRole
  readonly rowLength: number
  readonly rows: number
  /** Rows of one matrix: `rows` of a stack of experts divided by the experts. */
  readonly matrixRows: number
  readonly category: QuantCategory
  /** Stacked matrices: experts, and K and V up-projections of latent attention. */
  readonly stacked: boolean
  readonly routed: boolean
  /** False: stays at `keptAs` in every recipe. */
  readonly quantizable: boolean
  readonly keptAs: 'F32' | 'sixteenBit' | 'I32'
}

const CATEGORY_BY_NAME: readonly (readonly [string, QuantCategory])[] = [
  ['attn_qkv.weight', 'queryKeyValue'],
  ['attn_v.weight', 'value'],
  ['attn_k.weight', 'key'],
  ['attn_q.weight', 'query'],
  ['attn_output.weight', 'attentionOutput'],
  ['ffn_up', 'up'],
  ['ffn_gate', 'gate'],
  ['ffn_down', 'down'],
]

function categoryOf(name: string): QuantCategory {
  if (name === 'output.weight') return 'output'
  if (name === 'token_embd.weight' || name === 'per_layer_token_embd.weight') return 'embedding'
  return CATEGORY_BY_NAME.find(([part]) => name.includes(part))?.[1] ?? 'other'
}

/** Parts of names llama.cpp never quantizes (llama-quant.cpp, tensor_allows_quantization). */
const NEVER_QUANTIZED = [
  '_norm.weight',
  'ffn_gate_inp.weight',
  'ffn_gate_tid2eid.weight',
  'altup',
  'laurel',
  'per_layer_model_proj',
  'position_embd',
  'token_types',
  'ssm_conv1d',
  'shortconv.conv.weight',
]

/** Of those, the ones the converter keeps at the 16 bits of the release; all others become F32. */
const KEPT_AT_SIXTEEN_BITS = [
  'altup_proj',
  'altup_unembd_proj',
  'altup_router',
  'laurel_l',
  'laurel_r',
  'per_layer_model_proj',
]

function keptAs(name: string): QuantTensor['keptAs'] {
  if (name.includes('tid2eid')) return 'I32'
  const sixteen = KEPT_AT_SIXTEEN_BITS.some((part) => name === `${part}.weight`)
  return sixteen ? 'sixteenBit' : 'F32'
}

/** Number of dimensions as ggml counts them: trailing ones do not count. */
function dimensions(shape: readonly number[]): number {
  return shape.findLastIndex((size) => size > 1) + 1
}

/** Reads from name (without `blk.N.`) and shape what quantization needs to know of a tensor. */
export function quantTensor(name: string, shape: readonly number[], role: TensorRole): QuantTensor {
  const [rowLength = 1, matrixRows = 1, stack = 1] = shape
  return {
    role,
    rowLength,
    rows: matrixRows * stack,
    matrixRows,
    category: categoryOf(name),
    stacked: stack > 1,
    routed: isRoutedExpert(role),
    quantizable:
      dimensions(shape) >= 2 &&
      name.endsWith('weight') &&
      !NEVER_QUANTIZED.some((part) => name.includes(part)),
    keptAs: keptAs(name),
  }
}
