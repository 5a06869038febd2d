import { oncePer } from '#core/lookup/once-per.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import { plainArchitecture } from '#core/measure/plain-architecture.ts'
import { parameterCount } from '#core/model/parameter-count.ts'
import type { Architecture, Model } from '#core/model/model.ts'

/** Architectures that are nothing but their sizes: grouped-query attention and a gated feed-forward in every layer. */
const PLAIN: readonly string[] = ['llama', 'qwen2', 'qwen3']

/** Dimensions of a head that models have where it is not the width by the number of heads. */
const HEAD_DIMENSIONS = [32, 48, 64, 80, 96, 112, 128, 160, 192, 256]

/** Rotation factors some files bring (`rope_freqs.weight`): half a head, counted by the file and by no blueprint. */
const MOST_ROTATION_FACTORS = 128

/** Deeper ones are not models but damage, and a list of their layers would fill the memory. */
const MOST_LAYERS = 1024

/** Without a stated context: what the oldest llamas were made for. */
const LEAST_CONTEXT_TOKENS = 2048

/**
 * The architecture of a file nobody knows, where its sizes tell all of it: a plain dense transformer. What they do not tell
 * (dimension of a head, biases, a tied output head) is found by counting: of all combinations the one with exactly the
 * parameters the file has. Null where none has, and for every other architecture: an estimate from guesses is worth
 * nothing.
 */
export function architectureFromHeader(header: ModelHeader): Architecture | null {
  const { architecture: gguf, contextTokens, parameters, shape } = header
  const { ffn, heads, hidden, kvHeads, layers, vocabulary } = shape
  if (header.kind !== 'model' || !PLAIN.includes(gguf) || (shape.experts ?? 0) > 0) return null
  if (!ffn || !heads || !hidden || !kvHeads || !layers || !vocabulary) return null
  if (layers > MOST_LAYERS) return null
  const plain = plainArchitecture(contextTokens ?? LEAST_CONTEXT_TOKENS)
  const sized: Architecture = {
    ...plain,
    gguf,
    ffn,
    heads,
    hidden,
    kvHeads,
    layers,
    vocabulary,
    attention: { ...plain.attention, fullLayers: layers },
  }
  return (
    variants(sized).find((candidate) => {
      const spare = parameters - parameterCount(candidate).total
      return spare >= 0 && spare <= MOST_ROTATION_FACTORS
    }) ?? null
  )
}

function variants(sized: Architecture): readonly Architecture[] {
  const dimensions = [...new Set([sized.hidden / sized.heads, ...HEAD_DIMENSIONS])].filter(Number.isInteger)
  return dimensions.flatMap((headDimension) =>
    [true, false].flatMap((tiedEmbeddings) =>
      [sized.gguf === 'qwen2', sized.gguf !== 'qwen2'].map((qkvBias) => ({
        ...sized,
        headDimension,
        tiedEmbeddings,
        qkvBias,
      })),
    ),
  )
}

/** The id of {@link modelFromHeader}'s models: that of no catalogue record. */
export const UNLISTED_MODEL_ID = 'this-file'

/**
 * A record for a file that no catalogue model is like, so that a plan can be made for it; null where its sizes do not tell.
 * Worked out once per header.
 */
export function modelFromHeader(header: ModelHeader): Model | null {
  return recordOf(header).model
}

const recordOf = oncePer((header: ModelHeader) => ({ model: buildRecord(header) }))

function buildRecord(header: ModelHeader): Model | null {
  const architecture = architectureFromHeader(header)
  if (architecture === null) return null
  const { parameters } = header
  return {
    id: UNLISTED_MODEL_ID,
    name: header.name ?? 'this file',
    developer: 'not stated',
    family: header.architecture,
    kind: 'chat',
    released: '',
    license: header.license ?? 'not stated',
    parameters: {
      total: parameters,
      active: null,
      text: parameters,
      extra: null,
      published: parameters,
      publishedBasis: 'header of the file',
    },
    architecture,
    nativeContextTokens: architecture.contextTokens,
    modalities: ['text'],
    languages: null,
    ggufRepository: null,
    releasedExperts: null,
    note: null,
    sources: ['header of the file'],
    asOf: '',
    origin: 'user',
  }
}
