import { layerKindTensors } from '#core/model/blueprint.ts'
import type { LayerTensor } from '#core/model/blueprint/layer-tensor.ts'
import { outsideTensors } from '#core/model/blueprint/outside-layers.ts'
import { layerPlan } from '#core/model/layer-kind.ts'
import type { Architecture } from '#core/model/model.ts'
import type { TensorRole } from '#core/model/tensor.ts'

/** Parameters by what they are for. */
export interface ParameterCount {
  /** The language model: embeddings, layers, output head; no multi-token-prediction layers. */
  readonly total: number
  /** What one token uses: routed experts by their active share, embedding tables included. */
  readonly active: number
  /** The token embedding table, counted once. */
  readonly embeddings: number
  /** The output head where it is a tensor of its own, else 0. */
  readonly output: number
  /** Multi-token-prediction layers that are in the file and not in `total`. */
  readonly prediction: number
}

/** True for the tensors of which a token reads only the active experts. */
export function isRoutedExpert(role: TensorRole): boolean {
  return role === 'expert_up' || role === 'expert_gate' || role === 'expert_down'
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function countLayer(tensors: readonly LayerTensor[], activeShare: number): { total: number; active: number } {
  let total = 0
  let active = 0
  for (const { role, shape } of tensors) {
    const count = elements(shape)
    total += count
    active += isRoutedExpert(role) ? count * activeShare : count
  }
  return { total, active }
}

/** Parameters of a model, counted from its blueprint. */
export function parameterCount(architecture: Architecture): ParameterCount {
  const { moe } = architecture
  const activeShare = moe === null ? 1 : moe.activeExperts / moe.experts
  const { kinds, kindOfLayer } = layerPlan(architecture)
  const counts = layerKindTensors(architecture).map((tensors) => countLayer(tensors, activeShare))
  const outside = outsideTensors(architecture)
  const sizeOf = (role: TensorRole): number =>
    outside.filter((tensor) => tensor.role === role).reduce((sum, tensor) => sum + elements(tensor.shape), 0)
  let total = outside.reduce((sum, tensor) => sum + elements(tensor.shape), 0)
  let active = total
  let prediction = 0
  for (const kind of kindOfLayer) {
    const count = counts[kind] ?? { total: 0, active: 0 }
    if (kinds[kind]?.prediction === true) {
      prediction += count.total
      continue
    }
    total += count.total
    active += count.active
  }
  return { total, active, embeddings: sizeOf('token_embedding'), output: sizeOf('output'), prediction }
}
