import type { Architecture } from '#core/model/model.ts'

/**
 * Bytes a vocabulary entry takes in the file: token, type and, of byte-pair vocabularies, its merge. Fitted on published
 * files whose tensors are known to the byte; small SentencePiece vocabularies (Llama 2, Mistral) store scores instead.
 */
const BYTES_PER_TOKEN = 45
const BYTES_PER_SENTENCEPIECE_TOKEN = 23
const LARGEST_SENTENCEPIECE_VOCABULARY = 32_768

/** Name, shape, type and offset of one tensor in the list. */
const BYTES_PER_TENSOR = 62
/** Hyperparameters, chat template and padding. */
const OTHER_BYTES = 8192

/** Estimate of what a GGUF holds beside its tensors; known error: some MB, by tokenizer. */
export function metadataBytes(architecture: Architecture, tensorCount: number): number {
  const { vocabulary } = architecture
  const perToken =
    vocabulary <= LARGEST_SENTENCEPIECE_VOCABULARY ? BYTES_PER_SENTENCEPIECE_TOKEN : BYTES_PER_TOKEN
  return OTHER_BYTES + vocabulary * perToken + tensorCount * BYTES_PER_TENSOR
}
