import type { GgmlTypeName, StorageType } from '#core/quant/ggml-type.ts'
import { bitsPerWeight, GGML_TYPES } from '#core/quant/ggml-type.ts'
import type { QuantFacts } from '#core/quant/quant-plan.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'
import type { Quantization, QuantizationGroup } from '#core/quant/quantization.ts'
import type { RecipeId } from '#core/quant/recipe-id.ts'

/**
 * Files publishers mix by hand. They are no recipes: the types differ from model to model, so the catalogue does not offer
 * them, but people have them on disk and measurements name them.
 */
export type PublisherMix =
  /** A recipe of llama.cpp with embeddings and output head at eight bits ("_L"): exact. */
  | { readonly kind: 'wide-tables'; readonly recipe: RecipeId }
  /** Median bits of published files ("UD-…"): sizes within some 10 %, as publishers mix anew for each model. */
  | {
      readonly kind: 'typical-bits'
      readonly body: number
      /** Body of dense models without recurrent layers, where their files differ from the others'. */
      readonly plainBody: number
      readonly embedding: number
      readonly output: number
    }

interface MixRecord {
  readonly quantization: Quantization
  readonly mix: PublisherMix
}

function record(id: string, bits: number, group: QuantizationGroup, mix: PublisherMix): MixRecord {
  return {
    mix,
    quantization: {
      id,
      aliases: id.endsWith('_XL') && id.startsWith('UD-') ? [id.slice(3)] : [],
      engines: ['llama.cpp', 'ollama'],
      nominalBitsPerWeight: bits,
      group,
      usesImportanceMatrix: true,
      summary:
        mix.kind === 'wide-tables'
          ? `A publisher's mix: ${mix.recipe} with embeddings and output head at 8 bit.`
          : "A publisher's own mix of types; sizes are the median of published files, within some 10 %.",
      source: 'sizes of published files (bartowski and unsloth file lists)',
      asOf: '2026-11-23',
    },
  }
}

const wide = (id: string, recipe: RecipeId, bits: number, group: QuantizationGroup): MixRecord =>
  record(id, bits, group, { kind: 'wide-tables', recipe })

function typical(
  id: string,
  group: QuantizationGroup,
  [body, embedding, output]: readonly [number, number, number],
  plainBody = body,
): MixRecord {
  return record(id, body, group, { kind: 'typical-bits', body, plainBody, embedding, output })
}

const MIXES: readonly MixRecord[] = [
  wide('Q2_K_L', 'Q2_K', 2.625, 'q23k'),
  wide('Q3_K_XL', 'Q3_K_L', 3.4375, 'q23k'),
  wide('Q4_K_L', 'Q4_K_M', 4.5, 'q4k'),
  wide('Q5_K_L', 'Q5_K_M', 5.5, 'q4k'),
  wide('Q6_K_L', 'Q6_K', 6.5625, 'q6k'),
  typical('UD-IQ1_M', 'iq23', [2, 4.5, 5.5]),
  typical('UD-IQ2_XXS', 'iq23', [2.4, 4.5, 5.5]),
  typical('UD-IQ2_M', 'iq23', [2.7, 4.5, 5.5]),
  typical('UD-Q2_K_XL', 'q23k', [2.9, 4.5, 6.5625]),
  typical('UD-Q3_K_S', 'q23k', [3.2, 4.5, 6.5625]),
  typical('UD-Q3_K_M', 'q23k', [3.7, 4.5, 6.5625]),
  typical('UD-Q3_K_XL', 'q23k', [3.5, 4.5, 6.5625]),
  typical('UD-IQ4_XS', 'iq4', [4.3, 4.5, 6.5625]),
  typical('UD-IQ4_NL', 'q4_0', [4.5, 4.5, 6.5625]),
  typical('UD-Q4_K_M', 'q4k', [4.8, 4.5, 6.5625]),
  // Plain dense: median of gemma-4-31B, Mistral-Small-3.1-24B, Qwen3-VL-32B and Devstral-2-123B.
  typical('UD-Q4_K_XL', 'q4k', [5.1, 4.5, 6.5625], 4.83),
  typical('UD-Q5_K_XL', 'q4k', [6, 5.5, 6.5625]),
  typical('UD-Q6_K', 'q6k', [6.6, 6.5625, 8.5]),
  typical('UD-Q6_K_XL', 'q6k', [7.2, 6.5625, 8.5]),
  typical('UD-Q8_K_XL', 'q8', [9.35, 8.5, 12]),
]

/** Quantizations people have on disk that the catalogue does not offer. */
export const PUBLISHER_MIXES: readonly Quantization[] = MIXES.map((entry) => entry.quantization)

const mixById = new Map(MIXES.map((entry) => [entry.quantization.id, entry.mix] as const))

/** The mix behind a quantization id; undefined for recipes and packed formats. */
export function publisherMix(id: string): PublisherMix | undefined {
  return mixById.get(id)
}

function bits(name: string, bitsOfOne: number): StorageType {
  return { name, blockSize: 1, blockBytes: bitsOfOne / 8 }
}

/** Storage of a mix known by its typical bits; experts released in MXFP4 stay as they are unless the mix is smaller. */
export function typicalBitsStorage(
  mix: Extract<PublisherMix, { kind: 'typical-bits' }>,
  facts: QuantFacts,
): (tensor: QuantTensor) => StorageType {
  const isPlain = facts.experts === 0 && facts.groupedQueries > 0
  const body = bits('mixed', isPlain ? mix.plainBody : mix.body)
  const embedding = bits('mixed', mix.embedding)
  const output = bits('mixed', mix.output)
  const keepsExperts = facts.releasedMxfp4 && mix.body >= bitsPerWeight(GGML_TYPES.MXFP4)
  return (tensor) => {
    if (!tensor.quantizable)
      return tensor.keptAs === 'sixteenBit' ? GGML_TYPES.BF16 : GGML_TYPES[tensor.keptAs]
    if (keepsExperts && tensor.routed) return GGML_TYPES.MXFP4
    if (tensor.category === 'output') return output
    if (tensor.category === 'embedding') return facts.tiedEmbeddings ? output : embedding
    return body
  }
}

/** The type of embeddings and output head in a mix with wide tables. */
export const WIDE_TABLE_TYPE: GgmlTypeName = 'Q8_0'
