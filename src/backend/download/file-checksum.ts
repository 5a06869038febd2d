import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Large reads: the hash is what takes the time then. */
const READ_BYTES = 2 ** 20

/** SHA-256 of every byte that lies on the disk, in hexadecimal. */
export async function fileChecksum(file: string, options: { readonly signal: AbortSignal }): Promise<string> {
  const hash = createHash('sha256')
  const stream = createReadStream(file, { highWaterMark: READ_BYTES, signal: options.signal })
  for await (const data of stream as AsyncIterable<Buffer>) hash.update(data)
  return hash.digest('hex')
}
