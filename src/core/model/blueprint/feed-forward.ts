import type { LayerKind } from '#core/model/layer-kind.ts'
import type { TensorLayout } from '#core/model/llama-architecture.ts'
import type { Architecture, MixtureOfExperts } from '#core/model/model.ts'
import { layerTensor, withBias, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

function denseTensors(
  architecture: Architecture,
  width: number,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { hidden, ffnBias, gatedFfn } = architecture
  const upWidth = layout.fusedGateUp ? 2 * width : width
  const separateGate = gatedFfn && !layout.fusedGateUp
  return [
    ...(separateGate ? withBias('ffn_gate', [hidden, width], 'ffn_gate', ffnBias) : []),
    ...withBias('ffn_up', [hidden, upWidth], 'ffn_up', ffnBias),
    ...withBias('ffn_down', [width, hidden], 'ffn_down', ffnBias),
  ]
}

function routerTensors(
  architecture: Architecture,
  moe: MixtureOfExperts,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { hidden, vocabulary } = architecture
  const tensors = [...withBias('ffn_gate_inp', [hidden, moe.experts], 'router', moe.expertBias)]
  if (kind.hashRouted)
    tensors.push(layerTensor('ffn_gate_tid2eid.weight', [moe.activeExperts, vocabulary], 'router'))
  else if (layout.expertBias) tensors.push(layerTensor('exp_probs_b.bias', [moe.experts], 'bias'))
  if (architecture.gguf === 'gemma4') {
    tensors.push(layerTensor('ffn_gate_inp.scale', [hidden], 'router'))
    tensors.push(layerTensor('ffn_down_exps.scale', [moe.experts], 'router'))
  }
  return tensors
}

function expertTensors(
  architecture: Architecture,
  moe: MixtureOfExperts,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { experts, expertFfn, expertBias } = moe
  const inner = moe.latentDimension ?? architecture.hidden
  const up = (name: string, width: number, role: 'expert_up' | 'expert_gate'): readonly LayerTensor[] =>
    withBias(name, [inner, width, experts], role, expertBias)
  const down = withBias('ffn_down_exps', [expertFfn, inner, experts], 'expert_down', expertBias)
  if (!architecture.gatedFfn) return [...up('ffn_up_exps', expertFfn, 'expert_up'), ...down]
  if (layout.fusedExperts) return [...up('ffn_gate_up_exps', 2 * expertFfn, 'expert_gate'), ...down]
  return [
    ...up('ffn_gate_exps', expertFfn, 'expert_gate'),
    ...up('ffn_up_exps', expertFfn, 'expert_up'),
    ...down,
  ]
}

function sharedExpertTensors(
  architecture: Architecture,
  moe: MixtureOfExperts,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { gatedFfn, gguf, hidden } = architecture
  const width = moe.sharedExperts * (moe.sharedFfn ?? 0)
  if (width === 0) return []
  // Gemma 4 runs its dense feed-forward beside the experts under the dense names.
  if (gguf === 'gemma4') return denseTensors(architecture, width, layout)
  return [
    ...(gatedFfn ? [layerTensor('ffn_gate_shexp.weight', [hidden, width], 'shared_expert_gate')] : []),
    layerTensor('ffn_up_shexp.weight', [hidden, width], 'shared_expert_up'),
    layerTensor('ffn_down_shexp.weight', [width, hidden], 'shared_expert_down'),
    ...(moe.sharedGate ? [layerTensor('ffn_gate_inp_shexp.weight', [hidden], 'router')] : []),
  ]
}

function latentTensors(architecture: Architecture, moe: MixtureOfExperts): readonly LayerTensor[] {
  const { hidden } = architecture
  if (moe.latentDimension === null) return []
  return [
    layerTensor('ffn_latent_down.weight', [hidden, moe.latentDimension], 'other'),
    layerTensor('ffn_latent_up.weight', [moe.latentDimension, hidden], 'other'),
  ]
}

/** Tensors of a layer's feed-forward: dense, or router, routed and shared experts. */
export function feedForwardTensors(
  architecture: Architecture,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  if (kind.feedForward === 'none') return []
  const { moe } = architecture
  if (kind.feedForward === 'dense' || moe === null)
    return denseTensors(architecture, kind.feedForwardWidth, layout)
  return [
    ...routerTensors(architecture, moe, kind, layout),
    ...latentTensors(architecture, moe),
    ...expertTensors(architecture, moe, layout),
    ...sharedExpertTensors(architecture, moe, layout),
  ]
}
