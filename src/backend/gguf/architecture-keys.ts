import { layerPlan, type LayerKind } from '#core/model/layer-kind.ts'
import type { Architecture } from '#core/model/model.ts'

/** Every layer of a file in order, prediction layers last. */
export function layersOf(architecture: Architecture): readonly LayerKind[] {
  const { kinds, kindOfLayer } = layerPlan(architecture)
  return kindOfLayer.flatMap((kind) => kinds[kind] ?? [])
}

/** `general.architecture`; a model without one never gets here (`assertWritable`). */
export function ggufName(architecture: Architecture): string {
  if (architecture.gguf === null) throw new Error('llama.cpp has no architecture for this model.')
  return architecture.gguf
}

/** Architectures that tell recurrent or bare layers by a K/V head count of 0 (src/models/*.cpp). */
export const HEADS_TELL_RECURRENT: ReadonlySet<string> = new Set([
  'granitehybrid',
  'jamba',
  'lfm2',
  'lfm2moe',
  'nemotron_h',
  'nemotron_h_moe',
])
