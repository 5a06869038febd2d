import { oncePer } from '#core/lookup/once-per.ts'
import { layerKindTensors } from '#core/model/blueprint.ts'
import { outsideTensors } from '#core/model/blueprint/outside-layers.ts'
import { layerPlan } from '#core/model/layer-kind.ts'
import type { Architecture, Model } from '#core/model/model.ts'
import { quantTensor, type QuantTensor } from '#core/quant/quant-tensor.ts'

/** Where a layer stands, as far as any recipe cares. */
export interface LayerPosition {
  /** Among the first two, or four, tensors of the value category. */
  readonly valueAmongFirst2: boolean
  readonly valueAmongFirst4: boolean
  readonly valueMoreBits: boolean
  /** In the first eighth, or sixteenth, of the layers, counted by down projections. */
  readonly downInFirstEighth: boolean
  readonly downInFirstSixteenth: boolean
  readonly downMoreBits: boolean
  /** Neither in the first nor in the last eighth. */
  readonly inMiddle: boolean
}

/** Facts of a model recipes ask for. */
export interface QuantFacts {
  readonly falcon: boolean
  /** Query heads per K/V head of the first layer; 0 where that layer is recurrent (llama.cpp, n_gqa). */
  readonly groupedQueries: number
  readonly experts: number
  /** LLaMA-like and Qwen2 with 80 layers and grouped queries (llama.cpp, LLM_TYPE_70B). */
  readonly seventyBillion: boolean
  readonly tiedEmbeddings: boolean
  readonly releasedMxfp4: boolean
}

/** Tensors of one kind of layer, apart by whether any recipe looks at where the layer stands. */
interface KindTensors {
  readonly everywhereAlike: readonly QuantTensor[]
  readonly byPosition: readonly QuantTensor[]
}

/** Layers of one kind whose place lets every recipe treat them alike. */
export interface LayerGroup {
  /** Index into `QuantPlan.kinds`. */
  readonly kind: number
  readonly position: LayerPosition
  readonly layers: readonly number[]
  readonly prediction: boolean
}

/** All tensors of a model, grouped so that a recipe decides once for all it treats alike. */
export interface QuantPlan {
  readonly facts: QuantFacts
  readonly outside: readonly QuantTensor[]
  readonly kinds: readonly KindTensors[]
  readonly groups: readonly LayerGroup[]
  readonly tensorCount: number
}

/** llama.cpp gives more bits to the first and last eighth of the layers and to every third between (use_more_bits). */
function moreBits(index: number, count: number): boolean {
  const eighth = Math.floor(count / 8)
  return index < eighth || index >= Math.floor((7 * count) / 8) || (index - eighth) % 3 === 2
}

function quantFacts({ architecture, releasedExperts }: Model): QuantFacts {
  const { attention, gguf, heads, kvHeads, layers, moe } = architecture
  // Only converters that write K/V heads layer by layer show a recurrent first layer as one without heads.
  const perLayerHeads = gguf === 'granitehybrid' || gguf === 'jamba' || gguf === 'lfm2' || gguf === 'lfm2moe'
  const firstIsRecurrent = perLayerHeads || gguf === 'nemotron_h' || gguf === 'nemotron_h_moe'
  const llamaLike = gguf === 'llama' || gguf === 'qwen2' || gguf === 'mistral3'
  return {
    falcon: gguf === 'falcon',
    groupedQueries: firstIsRecurrent ? 0 : Math.floor(heads / (attention.latent === null ? kvHeads : 1)),
    experts: moe?.experts ?? 0,
    seventyBillion: llamaLike && layers === 80 && heads !== kvHeads,
    tiedEmbeddings: architecture.tiedEmbeddings,
    releasedMxfp4: releasedExperts === 'MXFP4',
  }
}

interface Counters {
  value: number
  down: number
}

interface PositionInput {
  readonly layer: number
  readonly counters: Counters
  readonly valueCount: number
  readonly layerCount: number
  readonly hasExperts: boolean
}

/** Models with experts count feed-forwards by layer number, others by how many came before. */
function positionOf({ layer, counters, valueCount, layerCount, hasExperts }: PositionInput): LayerPosition {
  const down = hasExperts ? layer : counters.down
  const eighth = Math.floor(layerCount / 8)
  return {
    valueAmongFirst2: counters.value < 2,
    valueAmongFirst4: counters.value < 4,
    valueMoreBits: moreBits(counters.value, valueCount),
    downInFirstEighth: down < eighth,
    downInFirstSixteenth: down < Math.floor(layerCount / 16),
    downMoreBits: moreBits(down, layerCount),
    inMiddle: down >= eighth && down < Math.floor((7 * layerCount) / 8),
  }
}

const POSITIONS = 2 ** 7

/** The seven answers of a position as one number. */
function positionKey(position: LayerPosition): number {
  return (
    (position.valueAmongFirst2 ? 1 : 0) +
    (position.valueAmongFirst4 ? 2 : 0) +
    (position.valueMoreBits ? 4 : 0) +
    (position.downInFirstEighth ? 8 : 0) +
    (position.downInFirstSixteenth ? 16 : 0) +
    (position.downMoreBits ? 32 : 0) +
    (position.inMiddle ? 64 : 0)
  )
}

function has(tensors: readonly QuantTensor[], category: QuantTensor['category']): boolean {
  return tensors.some((tensor) => tensor.category === category)
}

const DEPENDS_ON_POSITION = new Set<QuantTensor['category']>(['value', 'down', 'up', 'gate'])

function splitByPosition(tensors: readonly QuantTensor[]): KindTensors {
  const depends = (tensor: QuantTensor): boolean =>
    tensor.quantizable && DEPENDS_ON_POSITION.has(tensor.category)
  return {
    everywhereAlike: tensors.filter((tensor) => !depends(tensor)),
    byPosition: tensors.filter(depends),
  }
}

function layerGroups(
  architecture: Architecture,
  tensorsOfKind: readonly (readonly QuantTensor[])[],
): readonly LayerGroup[] {
  const { kindOfLayer, kinds } = layerPlan(architecture)
  const hasValue = tensorsOfKind.map((tensors) => has(tensors, 'value'))
  const hasFused = tensorsOfKind.map((tensors) => has(tensors, 'queryKeyValue'))
  const hasDown = tensorsOfKind.map((tensors) => has(tensors, 'down'))
  // The quantizer counts fused tensors among the values but gives only separate ones a place (see recipe.ts).
  const valueCount = kindOfLayer.filter((kind) => hasValue[kind] || hasFused[kind]).length
  const counters: Counters = { value: 0, down: 0 }
  const groups = new Map<number, LayerGroup & { layers: number[] }>()
  kindOfLayer.forEach((kind, layer) => {
    const position = positionOf({
      layer,
      counters,
      valueCount,
      layerCount: kindOfLayer.length,
      hasExperts: architecture.moe !== null,
    })
    const key = kind * POSITIONS + positionKey(position)
    const group = groups.get(key)
    if (group === undefined)
      groups.set(key, { kind, position, layers: [layer], prediction: kinds[kind]?.prediction === true })
    else group.layers.push(layer)
    if (hasValue[kind]) counters.value += 1
    if (hasDown[kind]) counters.down += 1
  })
  return [...groups.values()]
}

function buildQuantPlan(model: Model): QuantPlan {
  const { architecture } = model
  const outside = outsideTensors(architecture).map(({ name, role, shape }) => quantTensor(name, shape, role))
  const tensorsOfKind = layerKindTensors(architecture).map((tensors) =>
    tensors.map(({ role, shape, suffix }) => quantTensor(suffix, shape, role)),
  )
  const inLayers = layerPlan(architecture).kindOfLayer.reduce(
    (sum, kind) => sum + (tensorsOfKind[kind]?.length ?? 0),
    0,
  )
  return {
    facts: quantFacts(model),
    outside,
    kinds: tensorsOfKind.map(splitByPosition),
    groups: layerGroups(architecture, tensorsOfKind),
    tensorCount: outside.length + inLayers,
  }
}

/** A model prepared for quantization: alike layers grouped, names read; computed once per model. */
export const quantPlan = oncePer(buildQuantPlan)
