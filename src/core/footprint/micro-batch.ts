/** Tokens llama.cpp computes at once unless told otherwise (`--ubatch-size`). */
export const MICRO_BATCH_TOKENS = 512

/** llama.cpp allocates caches in steps of 256 cells (`GGML_PAD(n_ctx, 256)`). */
export function padCells(cells: number): number {
  return Math.ceil(cells / 256) * 256
}
