import type { FileTensor } from '#backend/gguf/file-tensors.ts'

/** Rows of the embedding table that are really written: those of the first words of the stand-in vocabulary. */
export interface WordRows {
  readonly first: number
  readonly count: number
}

/**
 * Parts of a file that decide which experts a token takes: norms, routers, and the embeddings of some words. Without
 * them every token takes the same experts: decoding finds them in the processor's cache, and a prompt crowds into a few.
 */
export function routingTensors(tensors: readonly FileTensor[], words: WordRows): readonly FileTensor[] {
  return tensors.flatMap((tensor): FileTensor[] => {
    if (tensor.role === 'norm' || tensor.role === 'router') return [tensor]
    if (tensor.role !== 'token_embedding') return []
    const rows = tensor.shape[1] ?? 0
    const rowBytes = tensor.bytes / rows
    const count = Math.min(words.count, rows - words.first)
    return [{ ...tensor, offset: tensor.offset + words.first * rowBytes, bytes: count * rowBytes }]
  })
}
