import type { Architecture } from '#core/model/model.ts'

/**
 * Bytes a vocabulary entry takes in the file, by size of the vocabulary: published files of known length less their
 * tensors. Byte-pair vocabularies store tokens and merges, SentencePiece and WordPiece ones tokens and scores.
 */
const BYTES_PER_TOKEN: Readonly<Record<number, number>> = {
  30528: 24.5, // WordPiece of BERT
  32000: 23, // SentencePiece of Llama 2 and Mistral
  32768: 23,
  128256: 61.1, // Llama 3: more merges than tokens
  151936: 39.2, // Qwen2 and Qwen3
  152064: 39.2,
  248320: 44.2, // Qwen3.5
  256000: 23.7, // SentencePiece of Gemma
  262144: 23.7,
  262208: 23.7,
  262400: 23.7,
}

/** Of a vocabulary that is not in the table: between Qwen's and Llama's byte-pair vocabularies. */
const TYPICAL_BYTES_PER_TOKEN = 42

/** Name, shape, type and offset of one tensor in the list. */
const BYTES_PER_TENSOR = 62
/** Hyperparameters, chat template and padding. */
const OTHER_BYTES = 8192

/** Estimate of what a GGUF holds beside its tensors; known error: some MB where the tokenizer is not in the table. */
export function metadataBytes(architecture: Architecture, tensorCount: number): number {
  const { vocabulary } = architecture
  const perToken = BYTES_PER_TOKEN[vocabulary] ?? TYPICAL_BYTES_PER_TOKEN
  return OTHER_BYTES + Math.round(vocabulary * perToken) + tensorCount * BYTES_PER_TENSOR
}
