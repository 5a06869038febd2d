import type { FileHandle } from 'node:fs/promises'
import type { FileTensor } from '#backend/gguf/file-tensors.ts'
import { flavourOf, randomPattern } from '#backend/gguf/random-blocks.ts'

/** What a chunk is cut from: a pattern that is written again and again. */
type PatternOf = (tensor: FileTensor) => Buffer

const ZEROS_BYTES = 4 * 1024 * 1024

function zeroPattern(): PatternOf {
  const zeros = Buffer.alloc(ZEROS_BYTES)
  return () => zeros
}

function randomPatterns(seed: number, experts: number): PatternOf {
  const patterns = new Map<string, Buffer>()
  return (tensor) => {
    const flavour = flavourOf(tensor)
    const key = `${tensor.type.name} ${flavour}`
    const known = patterns.get(key)
    if (known !== undefined) return known
    const made = randomPattern({ type: tensor.type, flavour, seed, experts })
    patterns.set(key, made)
    return made
  }
}

/** Writes all of a chunk: the system may take a part at a time. */
export async function writeWhole(handle: FileHandle, chunk: Buffer, position: number): Promise<void> {
  let written = 0
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, position + written)
    written += bytesWritten
  }
}

export interface FillOptions {
  readonly handle: FileHandle
  readonly tensors: readonly FileTensor[]
  /** Where the tensor data starts in the file. */
  readonly dataStart: number
  readonly fill: 'zeros' | 'random'
  readonly seed: number
  /** Routed experts of the model; 0 without. */
  readonly experts: number
  readonly onWritten: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Writes the data of every tensor in chunks of some MiB, each awaited before the next. Random tensors start at different
 * blocks of their pattern, so that no two matrices are the same.
 */
export async function fillTensors(options: FillOptions): Promise<void> {
  const { dataStart, experts, fill, handle, onWritten, seed, signal, tensors } = options
  const patternOf = fill === 'zeros' ? zeroPattern() : randomPatterns(seed, experts)
  for (const [at, tensor] of tensors.entries()) {
    const pattern = patternOf(tensor)
    const blocks = Math.floor(pattern.length / tensor.type.blockBytes)
    let from = tensor.type.name === 'I32' ? 0 : ((at * 997) % blocks) * tensor.type.blockBytes
    for (let done = 0; done < tensor.bytes;) {
      signal?.throwIfAborted()
      const chunk = pattern.subarray(from, Math.min(pattern.length, from + tensor.bytes - done))
      await writeWhole(handle, chunk, dataStart + tensor.offset + done)
      done += chunk.length
      from = 0
      onWritten(chunk.length)
    }
  }
}
