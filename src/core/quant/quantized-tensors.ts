import { layerKindTensors } from '#core/model/blueprint.ts'
import { outsideTensors } from '#core/model/blueprint/outside-layers.ts'
import { layerPlan } from '#core/model/layer-kind.ts'
import type { Model } from '#core/model/model.ts'
import type { Tensor } from '#core/model/tensor.ts'
import { rowsBytes, type StorageType } from '#core/quant/ggml-type.ts'
import { quantPlan, type LayerPosition } from '#core/quant/quant-plan.ts'
import { quantTensor } from '#core/quant/quant-tensor.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { modelStorage, type ModelStorage } from '#core/quant/model-storage.ts'

/** A tensor with the type one quantization gives it. */
export interface QuantizedTensor {
  readonly tensor: Tensor
  /** A `GgmlType` under every recipe of llama.cpp. */
  readonly type: StorageType
  readonly bytes: number
}

function quantized(
  tensor: Tensor,
  suffix: string,
  storage: ModelStorage,
  position: LayerPosition | null,
): QuantizedTensor {
  const seen = quantTensor(suffix, tensor.shape, tensor.role)
  const type = storage.at(position)(seen)
  return { tensor, type, bytes: rowsBytes(type, seen.rowLength, seen.rows) }
}

/** Every tensor of a model's file with its type and bytes, in file order: what a dry run writes. */
export function quantizedTensors(model: Model, quantization: Quantization): readonly QuantizedTensor[] {
  const { architecture } = model
  const storage = modelStorage(model, quantization)
  const positions = new Map<number, LayerPosition>()
  for (const { layers, position } of quantPlan(model).groups)
    for (const layer of layers) positions.set(layer, position)
  const byKind = layerKindTensors(architecture)
  const outside = outsideTensors(architecture).map((tensor) => quantized(tensor, tensor.name, storage, null))
  const inLayers = layerPlan(architecture).kindOfLayer.flatMap((kind, layer) =>
    (byKind[kind] ?? []).map(({ role, shape, suffix }) => {
      const tensor: Tensor = { name: `blk.${layer}.${suffix}`, shape, role, layer }
      return quantized(tensor, suffix, storage, positions.get(layer) ?? null)
    }),
  )
  return [...outside, ...inLayers]
}
