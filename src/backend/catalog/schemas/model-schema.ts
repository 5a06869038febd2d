import * as z from 'zod'
import {
  atLeastOne,
  count,
  isoDate,
  longText,
  noneByDefault,
  offByDefault,
  positive,
  recordsFile,
  shortText,
  valueOrStatedNone,
} from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import type { Model } from '#core/model/model.ts'

const latentAttention = z.strictObject({
  kvLoraRank: atLeastOne,
  ropeDimension: count,
  queryLoraRank: atLeastOne.nullable(),
  nopeDimension: count,
  valueDimension: atLeastOne,
})

const recurrentBlocks = z.strictObject({
  type: z.enum(['gated_deltanet', 'mamba1', 'mamba2', 'short_conv']),
  layers: atLeastOne,
  facts: z.record(z.string(), z.number()),
})

const compressedAttention = z.strictObject({
  windowOnlyLayers: count,
  ratio4Layers: count,
  ratio128Layers: count,
  indexHeads: count,
  indexHeadDimension: count,
  indexTopK: count,
  queryLoraRank: count,
  outputLoraRank: count,
  outputGroups: count,
  hyperConnections: count,
})

const sparseIndexer = z.strictObject({
  layers: count,
  heads: atLeastOne,
  headDimension: atLeastOne,
  topK: atLeastOne,
})

const attention = z.strictObject({
  kind: z.enum(['full', 'sliding', 'hybrid', 'mla']),
  windowTokens: atLeastOne.nullable(),
  globalEvery: atLeastOne.nullable(),
  fullLayers: count,
  latent: latentAttention.nullable(),
  recurrent: recurrentBlocks.nullable(),
  compressed: compressedAttention.nullable(),
  outputGate: offByDefault,
  sinks: offByDefault,
  kvSharedLayers: noneByDefault,
  kvSharedHaveWeights: offByDefault,
  globalHeadDimension: atLeastOne.nullable(),
  globalKvHeads: atLeastOne.nullable(),
  globalKEqualsV: offByDefault,
  indexer: sparseIndexer.nullable(),
})

const mixtureOfExperts = z.strictObject({
  experts: atLeastOne,
  activeExperts: atLeastOne,
  sharedExperts: noneByDefault,
  expertFfn: atLeastOne,
  sharedFfn: atLeastOne.nullable(),
  denseLayers: noneByDefault,
  layers: atLeastOne,
  every: atLeastOne,
  expertBias: offByDefault,
  sharedGate: offByDefault,
  latentDimension: atLeastOne.nullable(),
})

const perLayerEmbeddings = z.strictObject({
  dimension: atLeastOne,
  vocabulary: atLeastOne,
  laurelRank: atLeastOne.nullable(),
  altupInputs: atLeastOne.nullable(),
})

const architecture = z.strictObject({
  gguf: valueOrStatedNone(shortText),
  layers: atLeastOne,
  hidden: atLeastOne,
  heads: count,
  kvHeads: count,
  headDimension: count,
  ffn: valueOrStatedNone(count),
  vocabulary: atLeastOne,
  contextTokens: atLeastOne,
  tiedEmbeddings: z.boolean(),
  gatedFfn: z.boolean(),
  qkvBias: offByDefault,
  outputBias: offByDefault,
  ffnBias: offByDefault,
  positionEmbeddings: atLeastOne.nullable(),
  tokenTypes: atLeastOne.nullable(),
  embeddingDimension: atLeastOne.nullable(),
  ffnWideLayers: noneByDefault,
  blockTypes: z.strictObject({ attention: count, mamba: count, mlp: count, moe: count }).nullable(),
  layerPattern: shortText.nullable(),
  predictionLayers: noneByDefault,
  predictionEmbeddings: offByDefault,
  moe: mixtureOfExperts.nullable(),
  attention,
  perLayerEmbeddings: perLayerEmbeddings.nullable(),
})

const parameters = z.strictObject({
  total: positive,
  active: positive.nullable(),
  text: positive,
  extra: z.record(z.string(), z.number()).nullable(),
  published: positive,
  publishedBasis: shortText,
})

/** One record of `data/models.json`, and of a user's own `models.json`. */
export const modelSchema = z.strictObject({
  id: shortText,
  name: shortText,
  developer: shortText,
  family: shortText,
  kind: z.enum(['chat', 'reasoning', 'vision', 'code', 'base', 'embedding']),
  released: isoDate,
  license: shortText,
  parameters,
  architecture,
  nativeContextTokens: atLeastOne,
  modalities: z.array(shortText),
  languages: atLeastOne.nullable(),
  ggufRepository: shortText.nullable(),
  releasedExperts: z.enum(['MXFP4', 'INT4']).nullable(),
  note: longText.nullable(),
  sources: z.array(longText),
  asOf: isoDate,
})

export const modelsFileSchema = recordsFile('models', modelSchema)

true satisfies SameType<Omit<Model, 'origin'>, z.infer<typeof modelSchema>>
