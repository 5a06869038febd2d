import type { Architecture } from '#core/model/model.ts'

/** Width of everything: one block of any format. */
const NARROW = 256
const SMALL_VOCABULARY = 1024

/** The smallest model llama.cpp runs: plain attention, gated feed-forward, nothing special; shapes are put over it. */
export function plainArchitecture(contextTokens: number): Architecture {
  return {
    gguf: 'llama',
    layers: 2,
    hidden: NARROW,
    heads: 1,
    kvHeads: 1,
    headDimension: NARROW,
    ffn: NARROW,
    vocabulary: SMALL_VOCABULARY,
    contextTokens,
    tiedEmbeddings: false,
    gatedFfn: true,
    qkvBias: false,
    outputBias: false,
    ffnBias: false,
    positionEmbeddings: null,
    tokenTypes: null,
    embeddingDimension: null,
    ffnWideLayers: 0,
    blockTypes: null,
    layerPattern: null,
    predictionLayers: 0,
    predictionEmbeddings: false,
    moe: null,
    attention: {
      kind: 'full',
      windowTokens: null,
      globalEvery: null,
      fullLayers: 2,
      latent: null,
      recurrent: null,
      compressed: null,
      outputGate: false,
      sinks: false,
      kvSharedLayers: 0,
      kvSharedHaveWeights: false,
      globalHeadDimension: null,
      globalKvHeads: null,
      globalKEqualsV: false,
      indexer: null,
    },
    perLayerEmbeddings: null,
  }
}
