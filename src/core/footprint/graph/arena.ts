/** A piece of a buffer. */
export interface Piece {
  readonly start: number
  readonly bytes: number
}

/** A buffer that grows: its free pieces by address, the last without end, and how far it was ever used. */
export interface Arena {
  readonly starts: number[]
  readonly sizes: number[]
  peakBytes: number
}

/** `TENSOR_ALIGNMENT` of llama.cpp's CPU buffers (ggml-impl.h). */
const ALIGNMENT = 64

/** An empty buffer. */
export function createArena(): Arena {
  return { starts: [0], sizes: [Infinity], peakBytes: 0 }
}

/**
 * Takes the smallest free piece that is large enough, the later of two alike, and the endless one only when no other
 * fits: `ggml_dyn_tallocr_alloc` (ggml-alloc.c).
 */
export function take(arena: Arena, wantedBytes: number): Piece {
  const bytes = Math.ceil(wantedBytes / ALIGNMENT) * ALIGNMENT
  const { starts, sizes } = arena
  const last = sizes.length - 1
  let best = last
  for (let index = 0; index < last; index += 1)
    if (sizes[index]! >= bytes && sizes[index]! <= sizes[best]!) best = index
  const start = starts[best]!
  starts[best] = start + bytes
  sizes[best]! -= bytes
  if (sizes[best] === 0) {
    starts.splice(best, 1)
    sizes.splice(best, 1)
  }
  arena.peakBytes = Math.max(arena.peakBytes, start + bytes)
  return { start, bytes }
}

/** Gives a piece back and joins it with free neighbours: `ggml_dyn_tallocr_free_bytes`. */
export function release(arena: Arena, piece: Piece): void {
  const { starts, sizes } = arena
  let next = 0
  while (starts[next]! < piece.start) next += 1
  const joinsNext = piece.start + piece.bytes === starts[next]
  const joinsPrevious = next > 0 && starts[next - 1]! + sizes[next - 1]! === piece.start
  if (joinsNext) {
    starts[next] = piece.start
    sizes[next]! += piece.bytes
    if (!joinsPrevious) return
    sizes[next - 1]! += sizes[next]!
    starts.splice(next, 1)
    sizes.splice(next, 1)
  } else if (joinsPrevious) sizes[next - 1]! += piece.bytes
  else {
    starts.splice(next, 0, piece.start)
    sizes.splice(next, 0, piece.bytes)
  }
}
