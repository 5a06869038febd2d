import type { RawHeader } from '#backend/library/header/read-header.ts'
import { HeaderFault } from '#backend/library/header/header-fault.ts'
import type { MetadataValue } from '#backend/library/header/read-metadata.ts'
import type { SamplingSettings } from '#core/chat/chat-settings.ts'
import type { ModelHeader, ModelShape } from '#core/library/model-header.ts'
import { quantizationOf } from '#core/library/quantization-of.ts'

type Values = ReadonlyMap<string, MetadataValue>

/** Base models a merged model names; more are never shown. */
const MAX_BASE_MODELS = 8
const MAX_NAME_LENGTH = 200

/** What the shards of one file say, together: keys of the first, tensors of all. */
export function describeHeader(shards: readonly RawHeader[]): ModelHeader {
  const [first] = shards
  if (first === undefined) throw new Error('a file has at least one shard')
  const { listLengths, values } = first.metadata
  const architecture = text(values, 'general.architecture') ?? ''
  const shape = shapeOf(architecture, shards)
  const parameters = shards.reduce((sum, { tensors }) => sum + tensors.elements, 0)
  const kind = kindOf({ architecture, values, shape, parameters })
  if (architecture === '' && kind === 'model')
    throw new HeaderFault('its header does not say which architecture the model has')
  const quantization = quantizationOf({
    fileType: wholeNumber(values, 'general.file_type'),
    elementsByType: addUp(shards),
  })
  return {
    kind,
    architecture,
    name: text(values, 'general.name'),
    baseName: text(values, 'general.basename'),
    sizeLabel: text(values, 'general.size_label'),
    repositories: repositoriesOf(values),
    quantizationId: quantization.id,
    quantizationName: quantization.name,
    parameters,
    contextTokens: wholeNumber(values, `${architecture}.context_length`) || null,
    license: text(values, 'general.license'),
    hasChatTemplate: values.has('tokenizer.chat_template') || listLengths.has('tokenizer.chat_templates'),
    sampling: samplingOf(values),
    shape,
  }
}

interface Stated extends Pick<ModelHeader, 'architecture' | 'shape' | 'parameters'> {
  readonly values: Values
}

function kindOf({ architecture, parameters, shape, values }: Stated): ModelHeader['kind'] {
  const stated = text(values, 'general.type')
  if (stated === 'adapter') return 'adapter'
  // Projectors of vision models were written before files said what they are.
  if (architecture === 'clip' || stated === 'mmproj' || stated === 'clip-vision') return 'projector'
  if (stated !== null && stated !== 'model') return 'other'
  // Vocabularies alone, and image generators: every language model says how many blocks it has.
  return architecture !== '' && (parameters === 0 || shape.layers === null) ? 'other' : 'model'
}

function shapeOf(architecture: string, shards: readonly RawHeader[]): ModelShape {
  const { listLengths, values } = shards[0]?.metadata ?? { listLengths: new Map(), values: new Map() }
  // Sizes that differ from layer to layer come as their largest; recurrent layers have a 0.
  const size = (name: string) => wholeNumber(values, `${architecture}.${name}`)
  const rows = shards.find(({ tensors }) => tensors.embeddingRows !== null)?.tensors.embeddingRows
  return {
    layers: size('block_count'),
    hidden: size('embedding_length'),
    heads: size('attention.head_count'),
    kvHeads: size('attention.head_count_kv') ?? size('attention.head_count'),
    ffn: size('feed_forward_length'),
    experts: size('expert_count'),
    vocabulary: rows ?? size('vocab_size') ?? listLengths.get('tokenizer.ggml.tokens') ?? null,
  }
}

function asCount(value: number): number | null {
  return Number.isSafeInteger(value) && value >= 0 ? value : null
}

function addUp(shards: readonly RawHeader[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>()
  for (const { tensors } of shards)
    for (const [type, elements] of tensors.elementsByType) sums.set(type, (sums.get(type) ?? 0) + elements)
  return sums
}

/** Where the weights came from, the nearest first (keys of gguf-py/gguf/constants.py). */
function repositoriesOf(values: Values): readonly string[] {
  const named = [
    text(values, 'general.source.huggingface.repository'),
    text(values, 'general.source.repo_url'),
    text(values, 'general.source.url'),
    text(values, 'general.repo_url'),
    ...Array.from({ length: MAX_BASE_MODELS }, (_, index) => baseModel(values, index)),
  ]
  const repositories = named.flatMap((one) => (one === null ? [] : (repositoryIn(one) ?? [])))
  return [...new Set(repositories)]
}

function baseModel(values: Values, index: number): string | null {
  return (
    text(values, `general.base_model.${index}.repo_url`) ?? text(values, `general.base_model.${index}.url`)
  )
}

/** `org/name` of an address on the hub, or of what is written so already. */
function repositoryIn(address: string): string | null {
  const found =
    /^(?:https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/)?([\w.-]{1,96}\/[\w.-]{1,96})\/?$/.exec(address)
  return found?.[1] ?? null
}

/** What the maker recommends; what makes no sense is left out, as if it were not said. */
function samplingOf(values: Values): Partial<SamplingSettings> {
  const within = (key: string, least: number, most: number) => {
    const value = values.get(`general.sampling.${key}`)
    return typeof value === 'number' && value >= least && value <= most ? value : null
  }
  const temperature = within('temp', 0, 5)
  const topP = within('top_p', 0, 1)
  const topK = within('top_k', 0, 1_000_000)
  const minP = within('min_p', 0, 1)
  const repeatPenalty = within('penalty_repeat', 0.1, 5)
  return {
    ...(temperature === null ? {} : { temperature: shortened(temperature) }),
    ...(topP === null ? {} : { topP: shortened(topP) }),
    ...(topK === null ? {} : { topK: Math.round(topK) }),
    ...(minP === null ? {} : { minP: shortened(minP) }),
    ...(repeatPenalty === null ? {} : { repeatPenalty: shortened(repeatPenalty) }),
  }
}

/** Files hold 32-bit floats: 0.6 comes out of them as 0.6000000238418579. */
function shortened(value: number): number {
  return Number(value.toPrecision(6))
}

function text(values: Values, key: string): string | null {
  const value = values.get(key)
  if (typeof value !== 'string') return null
  return value.trim().slice(0, MAX_NAME_LENGTH) || null
}

function wholeNumber(values: Values, key: string): number | null {
  const value = values.get(key)
  return typeof value === 'number' ? asCount(value) : null
}
