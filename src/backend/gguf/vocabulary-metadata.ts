import { float32s, int32s, text, texts, uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import type { Architecture } from '#core/model/model.ts'

/** `enum llama_token_type`, llama.h. */
const TOKEN_TYPES = { normal: 1, unknown: 2, control: 3, byte: 6 } as const

const CONTROL_TOKENS = ['<unk>', '<s>', '</s>']
const FIRST_BYTE = CONTROL_TOKENS.length
const FIRST_WORD = FIRST_BYTE + 256
/** What SentencePiece writes for a space; the tokenizer asks for it. */
const SPACE = '▁'

function token(id: number): string {
  if (id < FIRST_BYTE) return CONTROL_TOKENS[id] ?? ''
  if (id < FIRST_WORD) {
    const byte = (id - FIRST_BYTE).toString(16).toUpperCase().padStart(2, '0')
    return `<0x${byte}>`
  }
  return id === FIRST_WORD ? SPACE : `t${id}`
}

function tokenType(id: number): number {
  if (id === 0) return TOKEN_TYPES.unknown
  if (id < FIRST_BYTE) return TOKEN_TYPES.control
  return id < FIRST_WORD ? TOKEN_TYPES.byte : TOKEN_TYPES.normal
}

/** `none`: only its size, for files that are laid out and never run; listing 128,000 words takes a quarter of a second. */
export type Vocabulary = 'words' | 'none'

/** No words; llama.cpp takes their number from `vocab_size`. It aborts when such a model is sampled from. */
export function noVocabularyMetadata({ tokenTypes }: Architecture): readonly MetadataEntry[] {
  return [text('tokenizer.ggml.model', 'no_vocab'), ...tokenTypeCount(tokenTypes)]
}

function tokenTypeCount(tokenTypes: number | null): readonly MetadataEntry[] {
  return tokenTypes === null ? [] : [uint32('tokenizer.ggml.token_type_count', tokenTypes)]
}

/**
 * A stand-in vocabulary of exactly the model's size: SentencePiece with byte tokens, so that any text can be tokenized.
 * `no_vocab` is no way out: llama.cpp aborts when a model without vocabulary is sampled from.
 */
export function vocabularyMetadata(architecture: Architecture): readonly MetadataEntry[] {
  const { tokenTypes, vocabulary } = architecture
  const ids = { length: vocabulary }
  return [
    text('tokenizer.ggml.model', 'llama'),
    texts(
      'tokenizer.ggml.tokens',
      Array.from(ids, (_, id) => token(id)),
    ),
    float32s('tokenizer.ggml.scores', new Float32Array(vocabulary)),
    int32s(
      'tokenizer.ggml.token_type',
      Int32Array.from(ids, (_, id) => tokenType(id)),
    ),
    uint32('tokenizer.ggml.unknown_token_id', 0),
    uint32('tokenizer.ggml.bos_token_id', 1),
    uint32('tokenizer.ggml.eos_token_id', 2),
    ...tokenTypeCount(tokenTypes),
  ]
}
