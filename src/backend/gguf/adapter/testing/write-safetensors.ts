import { writeFile } from 'node:fs/promises'

/** A tensor of 32-bit numbers. */
export interface TensorToWrite {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** The bytes of a safetensors file with any header, right or wrong. */
export function safetensorsBytes(header: unknown, data: Buffer): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, data])
}

/** Writes a right one. */
export async function writeSafetensors(file: string, tensors: readonly TensorToWrite[]): Promise<void> {
  const data = Buffer.alloc(4 * tensors.reduce((sum, { values }) => sum + values.length, 0))
  let at = 0
  const header = tensors.map(({ name, shape, values }) => {
    const start = at
    for (const value of values) at = data.writeFloatLE(value, at)
    return [name, { dtype: 'F32', shape, data_offsets: [start, at] }] as const
  })
  await writeFile(file, safetensorsBytes(Object.fromEntries(header), data))
}
