import type { FileHandle } from 'node:fs/promises'
import { HeaderFault } from '#backend/library/header/header-fault.ts'

/**
 * First read of a file, and after a jump: what stands between two jumps is short. Each read that goes on where the last
 * ended takes more, up to what walking through a vocabulary of megabytes is quickest with.
 */
const FIRST_READ_BYTES = 64 * 1024
const READ_BYTES = 512 * 1024
/** Kept of what was read, for whoever wants to know how a list ended. */
export const HISTORY_BYTES = 256

/** Buffers of readers that are done: a thousand files in a row take as many buffers as are read at once. */
const spareBuffers: Buffer[] = []
const MAX_SPARE_BUFFERS = 16

/**
 * Reads a file from its start on, one piece at a time: never more than `READ_BYTES` are held, whatever the file says
 * about itself. What is read without asking `ensure` first must be known to be there.
 */
export class ForwardReader {
  readonly #handle: FileHandle
  readonly #buffer: Buffer
  /** Place of the buffer's first byte in the file. */
  #bufferStart = 0
  #filled = 0
  #at = 0
  #nextReadBytes = FIRST_READ_BYTES

  readonly fileBytes: number

  constructor(handle: FileHandle, fileBytes: number) {
    this.#handle = handle
    this.fileBytes = fileBytes
    this.#buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES)
  }

  /** Gives the buffer back; the reader is of no use afterwards. */
  dispose(): void {
    if (spareBuffers.length < MAX_SPARE_BUFFERS) spareBuffers.push(this.#buffer)
  }

  /** Place in the file. */
  get position(): number {
    return this.#bufferStart + this.#at
  }

  get remainingBytes(): number {
    return this.fileBytes - this.position
  }

  /** True: as many bytes are at hand. Saves awaiting where they are. */
  has(bytes: number): boolean {
    return this.#filled - this.#at >= bytes
  }

  /** Makes at least as many bytes available, at most half of `READ_BYTES`; fails where the file ends before. */
  async ensure(bytes: number): Promise<void> {
    if (this.has(bytes)) return
    if (bytes > this.remainingBytes) throw cutShort()
    await this.#fill(bytes)
    if (!this.has(bytes)) throw cutShort()
  }

  /** Makes as many bytes available as there are, up to the given number; for lists whose end is not known. */
  async ensureUpTo(bytes: number): Promise<void> {
    await this.ensure(Math.min(bytes, this.remainingBytes))
  }

  /** Goes on without looking. */
  skip(bytes: number): void {
    if (bytes > this.remainingBytes) throw cutShort()
    if (this.has(bytes)) this.#at += bytes
    else this.jumpTo(this.position + bytes)
  }

  /** Goes on, or back, to a place in the file. */
  jumpTo(position: number): void {
    this.#bufferStart = position
    this.#at = 0
    this.#filled = 0
    this.#nextReadBytes = FIRST_READ_BYTES
  }

  uint32(): number {
    const value = this.#buffer.readUInt32LE(this.#at)
    this.#at += 4
    return value
  }

  /** Beyond 2^53 not to the last digit: good enough to be refused. */
  uint64(): number {
    const low = this.uint32()
    return this.uint32() * 2 ** 32 + low
  }

  /** A value of known length, by the function that reads it. */
  value(read: (buffer: Buffer, at: number) => number, bytes: number): number {
    const value = read(this.#buffer, this.#at)
    this.#at += bytes
    return value
  }

  text(bytes: number, encoding: 'utf8' | 'latin1'): string {
    const value = this.peek(bytes, encoding)
    this.#at += bytes
    return value
  }

  /** What comes next, as far as it is at hand, without going on. */
  peek(bytes: number, encoding: 'utf8' | 'latin1'): string {
    return this.#buffer.toString(encoding, this.#at, Math.min(this.#at + bytes, this.#filled))
  }

  /** What came last: at most `HISTORY_BYTES`, less right after a jump. */
  history(): string {
    return this.#buffer.toString('latin1', Math.max(0, this.#at - HISTORY_BYTES), this.#at)
  }

  /**
   * Steps over up to `count` strings as far as they lie in what is at hand, and answers how many. A loop of its own
   * because vocabularies are most of a header: 150,000 words in one call.
   */
  skipBufferedStrings(count: number): number {
    const buffer = this.#buffer
    const filled = this.#filled
    let at = this.#at
    let skipped = 0
    while (skipped < count && at + 8 <= filled) {
      const next = at + 8 + buffer.readUInt32LE(at)
      if (buffer.readUInt32LE(at + 4) !== 0) throw cutShort()
      if (next > filled) break
      at = next
      skipped += 1
    }
    this.#at = at
    return skipped
  }

  async #fill(leastBytes: number): Promise<void> {
    const from = Math.max(0, this.#at - HISTORY_BYTES)
    this.#buffer.copyWithin(0, from, this.#filled)
    this.#bufferStart += from
    this.#filled -= from
    this.#at -= from
    const wanted = Math.min(Math.max(this.#nextReadBytes, this.#at + leastBytes), READ_BYTES)
    this.#nextReadBytes = Math.min(this.#nextReadBytes * 4, READ_BYTES)
    while (this.#filled < wanted) {
      const place = this.#bufferStart + this.#filled
      const { bytesRead } = await this.#handle.read(this.#buffer, this.#filled, wanted - this.#filled, place)
      if (bytesRead === 0) return
      this.#filled += bytesRead
    }
  }
}

/** The file ends before what its header announces does. */
export function cutShort(): HeaderFault {
  return new HeaderFault('it ends in the middle of its header, or a length in the header is wrong')
}
