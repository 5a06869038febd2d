import type { FileHandle } from 'node:fs/promises'
import { HeaderFault } from '#backend/library/header/header-fault.ts'

/**
 * First read of a file: holds all of a header that has no vocabulary, and of others what stands before it. Later reads
 * walk through vocabularies of megabytes.
 */
const FIRST_READ_BYTES = 64 * 1024
const READ_BYTES = 512 * 1024

/** Buffers of readers that are done: a thousand files in a row take as many buffers as are read at once. */
const spareBuffers: Buffer[] = []
const MAX_SPARE_BUFFERS = 8

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

  /** Bytes at hand without reading. */
  get bufferedBytes(): number {
    return this.#filled - this.#at
  }

  /** True: as many bytes are at hand. Saves awaiting where they are. */
  has(bytes: number): boolean {
    return this.bufferedBytes >= bytes
  }

  /** Makes at least as many bytes available; fails where the file ends before. At most `READ_BYTES`. */
  async ensure(bytes: number): Promise<void> {
    if (this.has(bytes)) return
    if (bytes > this.remainingBytes) throw cutShort()
    await this.#fill()
    if (!this.has(bytes)) throw cutShort()
  }

  /** Makes as many bytes available as there are, up to the given number; for lists whose end is not known. */
  async ensureUpTo(bytes: number): Promise<void> {
    await this.ensure(Math.min(bytes, this.remainingBytes))
  }

  /** Goes on without looking. */
  skip(bytes: number): void {
    if (bytes > this.remainingBytes) throw cutShort()
    if (this.has(bytes)) {
      this.#at += bytes
      return
    }
    this.#bufferStart += this.#at + bytes
    this.#at = 0
    this.#filled = 0
  }

  uint8(): number {
    const value = this.#buffer[this.#at] ?? 0
    this.#at += 1
    return value
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

  /** A number of `enum gguf_type` that is not a string or an array. */
  number(read: (buffer: Buffer, at: number) => number, bytes: number): number {
    const value = read(this.#buffer, this.#at)
    this.#at += bytes
    return value
  }

  text(bytes: number, encoding: 'utf8' | 'latin1'): string {
    const value = this.#buffer.toString(encoding, this.#at, this.#at + bytes)
    this.#at += bytes
    return value
  }

  /**
   * Steps over up to `count` strings as far as they lie in what is at hand, and answers how many. A loop of its own
   * because vocabularies are most of a header: 150,000 words in one call.
   */
  skipBufferedStrings(count: number): number {
    const buffer = this.#buffer
    const end = this.#filled - 8
    let at = this.#at
    let skipped = 0
    while (skipped < count && at <= end) {
      const length = buffer.readUInt32LE(at)
      if (buffer.readUInt32LE(at + 4) !== 0) throw cutShort()
      const next = at + 8 + length
      if (next > this.#filled) break
      at = next
      skipped += 1
    }
    this.#at = at
    return skipped
  }

  async #fill(): Promise<void> {
    const kept = this.bufferedBytes
    this.#buffer.copy(this.#buffer, 0, this.#at, this.#filled)
    this.#bufferStart += this.#at
    this.#at = 0
    this.#filled = kept
    const wanted = this.#bufferStart === 0 && kept === 0 ? FIRST_READ_BYTES : READ_BYTES
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
