import { layerPlan, type LayerKind } from '#core/model/layer-kind.ts'
import type { Architecture, Attention, MixtureOfExperts, Model } from '#core/model/model.ts'
import { parameterCount } from '#core/model/parameter-count.ts'

function countLetters(pattern: string, letter: string): number {
  return pattern.split(letter).length - 1
}

function keptAttention(
  architecture: Architecture,
  kept: readonly number[],
  kinds: readonly LayerKind[],
): Attention {
  const { attention, layers } = architecture
  const { compressed, indexer, recurrent } = attention
  const firstShared = layers - attention.kvSharedLayers
  const ratios = kinds.map((kind) => kind.compressionRatio)
  const full = kept.filter(
    (layer, at) => kinds[at]?.mixer === 'attention' && kinds[at]?.global && layer < firstShared,
  )
  return {
    ...attention,
    fullLayers: compressed === null ? full.length : attention.fullLayers,
    kvSharedLayers: kept.filter((layer) => layer >= firstShared).length,
    recurrent: recurrent && {
      ...recurrent,
      layers: kinds.filter((kind) => kind.mixer === 'recurrent').length,
    },
    compressed: compressed && {
      ...compressed,
      windowOnlyLayers: ratios.filter((ratio) => ratio === 0).length,
      ratio4Layers: ratios.filter((ratio) => ratio === 4).length,
      ratio128Layers: ratios.filter((ratio) => ratio === 128).length,
    },
    indexer: indexer && { ...indexer, layers: Math.round((indexer.layers * kept.length) / layers) },
  }
}

function keptExperts(
  moe: MixtureOfExperts,
  kept: readonly number[],
  kinds: readonly LayerKind[],
): MixtureOfExperts {
  return {
    ...moe,
    denseLayers: kept.filter((layer) => layer < moe.denseLayers).length,
    layers: kinds.filter((kind) => kind.feedForward === 'experts').length,
  }
}

function keptArchitecture(
  architecture: Architecture,
  kept: readonly number[],
  kinds: readonly LayerKind[],
): Architecture {
  const { blockTypes, ffnWideLayers, layerPattern, layers, moe } = architecture
  const pattern = layerPattern === null ? null : kept.map((layer) => layerPattern[layer] ?? '').join('')
  return {
    ...architecture,
    layers: kept.length,
    layerPattern: pattern,
    ffnWideLayers: kept.filter((layer) => layer >= layers - ffnWideLayers).length,
    predictionLayers: 0,
    predictionEmbeddings: false,
    blockTypes:
      blockTypes === null || pattern === null
        ? null
        : {
            attention: countLetters(pattern, '*'),
            mamba: countLetters(pattern, 'M'),
            mlp: countLetters(pattern, '-'),
            moe: countLetters(pattern, 'E'),
          },
    moe: moe === null ? null : keptExperts(moe, kept, kinds),
    attention: keptAttention(architecture, kept, kinds),
  }
}

function sameKind(one: LayerKind | undefined, other: LayerKind | undefined): boolean {
  return one !== undefined && other !== undefined && Object.values(one).join() === Object.values(other).join()
}

function kindsOf(architecture: Architecture): readonly LayerKind[] {
  const { kinds, kindOfLayer } = layerPlan(architecture)
  return kindOfLayer.flatMap((kind) => kinds[kind] ?? [])
}

/**
 * A model of which only some layers are left: `keptLayers` are indices of its layers in ascending order, as
 * `chooseLayers` picks them. Embeddings, output head and every width stay; prediction layers go. Layers keep their
 * kinds, because kinds follow from the place of a layer: a choice that would change one is a defect and throws.
 *
 * Where llama.cpp's loaders go by the number of layers, the stand-in differs: Gemma 3n below 21 layers gives every layer
 * a K/V cache of its own (gemma3n.cpp, some 3 % of a layer's work), EXAONE 4 32B has its window only at 64 layers
 * (exaone4.cpp: no difference up to 4096 tokens), Command R+ its norms on Q and K only from 64 on (command-r.cpp).
 * Recipes go by place, so `weightsOf` of the stand-in is not what a file with the whole model's types weighs.
 */
export function shallowModel(model: Model, keptLayers: readonly number[]): Model {
  const all = kindsOf(model.architecture)
  const kinds = keptLayers.flatMap((layer) => (layer < model.architecture.layers ? (all[layer] ?? []) : []))
  const architecture = keptArchitecture(model.architecture, keptLayers, kinds)
  const wrong = kindsOf(architecture).findIndex((kind, at) => !sameKind(kind, kinds[at]))
  if (wrong !== -1 || kinds.length !== keptLayers.length)
    throw new Error(`Layers ${keptLayers.join(', ')} of ${model.id} cannot stand for the whole model.`)
  const { active, total } = parameterCount(architecture)
  return {
    ...model,
    id: `${model.id}:${keptLayers.length}-layers`,
    name: `${model.name} (${keptLayers.length} of ${model.architecture.layers} layers)`,
    architecture,
    parameters: {
      total,
      active: architecture.moe === null ? null : active,
      text: total,
      extra: null,
      published: total,
      publishedBasis: 'counted: a shallow stand-in',
    },
  }
}
