import type { ModelHeader, ModelShape } from '#core/library/model-header.ts'
import { oncePer } from '#core/lookup/once-per.ts'
import type { Architecture, Model } from '#core/model/model.ts'

/**
 * Share of the vocabulary by which a fine-tune may differ: added words change sizes and speeds less than any estimate is
 * uncertain. (Qwen3 Embedding has 0.2 % fewer words than Qwen3.)
 */
const VOCABULARY_TOLERANCE = 0.005

/** Models by architecture and width: a handful each. */
const byWidth = oncePer((models: readonly Model[]): ReadonlyMap<string, readonly Model[]> => {
  const groups = new Map<string, Model[]>()
  for (const model of models) {
    const { gguf, hidden } = model.architecture
    if (gguf === null) continue
    const group = groups.get(`${gguf} ${hidden}`)
    if (group === undefined) groups.set(`${gguf} ${hidden}`, [model])
    else group.push(model)
  }
  return groups
})

/**
 * Models of the catalogue with the sizes of a file. Where some have its very vocabulary, only those; else those whose
 * vocabulary is a few words larger or smaller.
 */
export function modelsOfShape(
  { architecture, shape }: Pick<ModelHeader, 'architecture' | 'shape'>,
  models: readonly Model[],
): readonly Model[] {
  const candidates = byWidth(models).get(`${architecture} ${shape.hidden ?? ''}`) ?? []
  const alike = candidates.filter((model) => hasShape(model.architecture, shape))
  const exact = alike.filter((model) => model.architecture.vocabulary === shape.vocabulary)
  return exact.length > 0 ? exact : alike
}

function hasShape(architecture: Architecture, shape: ModelShape): boolean {
  const { attention, ffn, ffnWideLayers, heads, kvHeads, layers, moe, predictionLayers } = architecture
  return (
    // Conversions keep prediction layers or leave them out.
    (shape.layers === layers || shape.layers === layers + predictionLayers) &&
    agrees(shape.heads, heads) &&
    // Latent attention is stored as one head or as all.
    (attention.latent !== null || agrees(shape.kvHeads, kvHeads)) &&
    // Where experts or wide layers are, one number does not tell the width.
    (moe !== null || ffnWideLayers > 0 || agrees(shape.ffn, ffn)) &&
    (shape.experts ?? 0) === (moe?.experts ?? 0) &&
    isNear(shape.vocabulary, architecture.vocabulary)
  )
}

function agrees(stated: number | null, known: number | null): boolean {
  return stated === null || known === null || stated === known
}

function isNear(stated: number | null, known: number): boolean {
  return stated !== null && Math.abs(stated - known) <= known * VOCABULARY_TOLERANCE
}
