import { tensorLayout } from '#core/model/llama-architecture.ts'
import type { Model } from '#core/model/model.ts'
import { GGML_TYPES, rowsBytes, type StorageType } from '#core/quant/ggml-type.ts'
import { metadataBytes } from '#core/quant/metadata-bytes.ts'
import { quantPlan, type LayerGroup, type QuantPlan } from '#core/quant/quant-plan.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { modelStorage, type ModelStorage, type TensorStorage } from '#core/quant/model-storage.ts'

/** Bytes of a model's weights under one quantization, by where they live and when they are read. */
export interface Weights {
  /** The whole file: tensors, their list, metadata and an estimate of the tokenizer. */
  readonly fileBytes: number
  /** All tensors of the file, prediction layers included. */
  readonly tensorBytes: number
  readonly layers: number
  /** Each repeating layer without its routed experts. */
  readonly layerBytes: Float64Array
  /** The routed experts of each layer. */
  readonly layerExpertBytes: Float64Array
  readonly tokenEmbeddingBytes: number
  /** Output head and output norm; with tied embeddings the table read as the head. */
  readonly outputBytes: number
  readonly tiedOutput: boolean
  /** Position tables, per-layer embedding tables and what else belongs to no layer. */
  readonly otherBytes: number
  /** Multi-token-prediction layers: in the file, not loaded for plain decoding. */
  readonly predictionBytes: number
  /** What a token reads except routed experts: all layers and the head; of embedding tables only a row, not counted. */
  readonly readBytesPerToken: number
  /** The active share of the routed experts. */
  readonly readExpertBytesPerToken: number
  /** Bytes an x86 CPU with AVX2 repacks when it loads them (ggml-cpu/repack.cpp v0.5.0). */
  readonly repackableBytes: number
  /** The same for an ARM CPU with dot products. */
  readonly repackableArmBytes: number
}

interface Sums {
  fixed: number
  experts: number
  repackable: number
  repackableArm: number
}

const REPACKED_ON_X86: ReadonlySet<StorageType> = new Set<StorageType>([
  GGML_TYPES.Q4_0,
  GGML_TYPES.Q4_K,
  GGML_TYPES.IQ4_NL,
  GGML_TYPES.MXFP4,
])
const REPACKED_ON_ARM: ReadonlySet<StorageType> = new Set<StorageType>([
  ...REPACKED_ON_X86,
  GGML_TYPES.Q5_K,
  GGML_TYPES.Q6_K,
  GGML_TYPES.Q8_0,
])

/** Matrices are repacked eight rows at a time; tables that are looked up are not. */
function isRepackable(tensor: QuantTensor): boolean {
  return (
    tensor.quantizable &&
    tensor.matrixRows % 8 === 0 &&
    tensor.role !== 'token_embedding' &&
    tensor.role !== 'per_layer_embedding'
  )
}

function add(sums: Sums, tensor: QuantTensor, type: StorageType): number {
  const bytes = rowsBytes(type, tensor.rowLength, tensor.rows)
  if (tensor.routed) sums.experts += bytes
  else sums.fixed += bytes
  if (REPACKED_ON_ARM.has(type) && isRepackable(tensor)) {
    sums.repackableArm += bytes
    if (REPACKED_ON_X86.has(type)) sums.repackable += bytes
  }
  return bytes
}

function emptySums(): Sums {
  return { fixed: 0, experts: 0, repackable: 0, repackableArm: 0 }
}

interface OutsideBytes {
  tokenEmbedding: number
  /** Output head as a tensor of its own, and output norm. */
  output: number
  other: number
  /** The part of `other` that every token reads whole. */
  otherRead: number
}

function isLookedUp(tensor: QuantTensor): boolean {
  return tensor.role === 'per_layer_embedding' || tensor.role === 'position_embedding'
}

function outsideBytes(plan: QuantPlan, storage: ModelStorage, sums: Sums): OutsideBytes {
  const bytes: OutsideBytes = { tokenEmbedding: 0, output: 0, other: 0, otherRead: 0 }
  const typeOf = storage.at(null)
  for (const tensor of plan.outside) {
    const size = add(sums, tensor, typeOf(tensor))
    if (tensor.role === 'token_embedding') bytes.tokenEmbedding += size
    else if (tensor.role === 'output' || tensor.role === 'norm') bytes.output += size
    else {
      bytes.other += size
      if (!isLookedUp(tensor)) bytes.otherRead += size
    }
  }
  return bytes
}

function addAll(sums: Sums, tensors: readonly QuantTensor[], typeOf: TensorStorage): Sums {
  for (const tensor of tensors) add(sums, tensor, typeOf(tensor))
  return sums
}

/** Sums of layers seen so far, by kind. */
interface KindSums {
  /** The tensors no recipe places. */
  readonly alike: Sums[]
  /** Whole layers, where the recipe treats all of a kind alike. */
  readonly whole: Sums[]
}

/** Bytes of one layer of a group; what is the same in all layers of its kind is summed once. */
function layerSums(group: LayerGroup, plan: QuantPlan, storage: ModelStorage, known: KindSums): Sums {
  const seen = storage.asksForPosition ? undefined : known.whole[group.kind]
  if (seen !== undefined) return seen
  const kind = plan.kinds[group.kind]
  if (kind === undefined) return emptySums()
  const typeOf = storage.at(group.position)
  const alike = (known.alike[group.kind] ??= addAll(emptySums(), kind.everywhereAlike, typeOf))
  const sums = addAll({ ...alike }, kind.byPosition, typeOf)
  known.whole[group.kind] = sums
  return sums
}

interface LayerTotals extends Sums {
  readonly layerBytes: Float64Array
  readonly layerExpertBytes: Float64Array
  prediction: number
}

const zeros = new Map<number, Float64Array>()

/** The routed experts of a model without any: shared by all such models of this depth. */
function noExperts(layers: number): Float64Array {
  let array = zeros.get(layers)
  if (array === undefined) {
    array = new Float64Array(layers)
    zeros.set(layers, array)
  }
  return array
}

function layerTotals(plan: QuantPlan, layers: number, storage: ModelStorage): LayerTotals {
  const hasExperts = plan.facts.experts > 0
  const layerBytes = new Float64Array(layers)
  const layerExpertBytes = hasExperts ? new Float64Array(layers) : noExperts(layers)
  const total = emptySums()
  const known: KindSums = { alike: [], whole: [] }
  let prediction = 0
  for (const group of plan.groups) {
    const sums = layerSums(group, plan, storage, known)
    const count = group.layers.length
    if (group.prediction) {
      prediction += count * (sums.fixed + sums.experts)
      continue
    }
    for (const layer of group.layers) {
      layerBytes[layer] = sums.fixed
      if (hasExperts) layerExpertBytes[layer] = sums.experts
    }
    total.fixed += count * sums.fixed
    total.experts += count * sums.experts
    total.repackable += count * sums.repackable
    total.repackableArm += count * sums.repackableArm
  }
  return { ...total, layerBytes, layerExpertBytes, prediction }
}

function computeWeights(model: Model, quantization: Quantization): Weights {
  const { architecture } = model
  const plan = quantPlan(model)
  const storage = modelStorage(model, quantization)
  const outsideSums = emptySums()
  const outside = outsideBytes(plan, storage, outsideSums)
  const inLayers = layerTotals(plan, architecture.layers, storage)
  const tensorBytes =
    outside.tokenEmbedding +
    outside.output +
    outside.other +
    inLayers.fixed +
    inLayers.experts +
    inLayers.prediction
  // Encoders (BERT) end with their last layer: nothing reads the table as a head.
  const tiedOutput = architecture.tiedEmbeddings && tensorLayout(architecture).norms !== 'behind'
  const outputBytes = outside.output + (tiedOutput ? outside.tokenEmbedding : 0)
  const { moe } = architecture
  return {
    fileBytes: tensorBytes + metadataBytes(architecture, plan.tensorCount),
    tensorBytes,
    layers: architecture.layers,
    layerBytes: inLayers.layerBytes,
    layerExpertBytes: inLayers.layerExpertBytes,
    tokenEmbeddingBytes: outside.tokenEmbedding,
    outputBytes,
    tiedOutput,
    otherBytes: outside.other,
    predictionBytes: inLayers.prediction,
    readBytesPerToken: inLayers.fixed + outputBytes + outside.otherRead,
    readExpertBytesPerToken: moe === null ? 0 : (inLayers.experts * moe.activeExperts) / moe.experts,
    repackableBytes: inLayers.repackable + outsideSums.repackable,
    repackableArmBytes: inLayers.repackableArm + outsideSums.repackableArm,
  }
}

const weightsByModel = new WeakMap<Model, Map<Quantization, Weights>>()

/** Bytes of a model's weights under a quantization; computed once per pair of records, then a lookup. */
export function weightsOf(model: Model, quantization: Quantization): Weights {
  let ofModel = weightsByModel.get(model)
  if (ofModel === undefined) {
    ofModel = new Map()
    weightsByModel.set(model, ofModel)
  }
  let weights = ofModel.get(quantization)
  if (weights === undefined) {
    weights = computeWeights(model, quantization)
    ofModel.set(quantization, weights)
  }
  return weights
}
