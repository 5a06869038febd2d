import { aligned, type TensorEntry } from '#backend/gguf/gguf-encoder.ts'
import { ggmlTypeOf } from '#backend/gguf/writable.ts'
import type { Architecture, Model } from '#core/model/model.ts'
import type { TensorRole } from '#core/model/tensor.ts'
import { rowsBytes, type GgmlType } from '#core/quant/ggml-type.ts'
import { quantizedTensors, type QuantizedTensor } from '#core/quant/quantized-tensors.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** A tensor with its place in the file. */
export interface FileTensor extends TensorEntry {
  readonly type: GgmlType
  readonly bytes: number
  readonly role: TensorRole
}

/** Command R norms Q and K only from 64 layers on (command-r.cpp): a shallow file must not bring the norms. */
function isDropped({ gguf }: Architecture, layers: number, name: string): boolean {
  return gguf === 'command-r' && layers < 64 && /attn_[qk]_norm/.test(name)
}

/** Types of the whole model's tensors in the layers that are kept, under their new numbers. */
function keptTensors(
  { model, quantization }: FileTensorOptions,
  keptLayers: readonly number[],
): readonly QuantizedTensor[] {
  const newNumber = new Map(keptLayers.map((layer, at) => [layer, at] as const))
  return quantizedTensors(model, quantization).flatMap((quantized) => {
    const { tensor } = quantized
    const layer = tensor.layer === null ? undefined : newNumber.get(tensor.layer)
    if (layer === undefined || isDropped(model.architecture, keptLayers.length, tensor.name)) return []
    const name = tensor.name.replace(/^blk\.\d+\./, `blk.${layer}.`)
    return [{ ...quantized, tensor: { ...tensor, name, layer } }]
  })
}

/** Gemma 3n's converter pads the per-layer table to the whole vocabulary (conversion/gemma.py). */
function padded({ gguf, vocabulary }: Architecture, quantized: QuantizedTensor): QuantizedTensor {
  const { tensor, type } = quantized
  if (gguf !== 'gemma3n' || tensor.name !== 'per_layer_token_embd.weight') return quantized
  const width = tensor.shape[0] ?? 0
  return {
    tensor: { ...tensor, shape: [width, vocabulary] },
    type,
    bytes: rowsBytes(type, width, vocabulary),
  }
}

export interface FileTensorOptions {
  readonly model: Model
  readonly quantization: Quantization
  /** The model as the file describes it: the same, or `shallowModel` of it. */
  readonly described: Model
  /** Layers of the model that are kept; undefined for all, prediction layers included. */
  readonly layers: readonly number[] | undefined
}

/** The tensors of a file in order, each aligned behind the one before. */
export function fileTensors(options: FileTensorOptions): readonly FileTensor[] {
  const { described, layers, model, quantization } = options
  const all =
    layers === undefined
      ? quantizedTensors(model, quantization)
      : [
          ...quantizedTensors(described, quantization).filter(({ tensor }) => tensor.layer === null),
          ...keptTensors(options, layers),
        ]
  let offset = 0
  return all.map((quantized) => {
    const { bytes, tensor, type } = padded(described.architecture, quantized)
    const ggmlType = ggmlTypeOf(type)
    if (ggmlType === undefined)
      throw new Error(`${tensor.name} has the type ${type.name}, which is none of GGUF.`)
    const { name, role, shape } = tensor
    const placed: FileTensor = { name, shape, typeId: ggmlType.id, offset, type: ggmlType, bytes, role }
    offset += aligned(bytes)
    return placed
  })
}
