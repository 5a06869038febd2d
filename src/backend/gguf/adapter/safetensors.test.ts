import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { halfToNumber, readSafetensorsHeader, readTensor } from '#backend/gguf/adapter/safetensors.ts'
import { safetensorsBytes } from '#backend/gguf/adapter/testing/write-safetensors.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-safetensors-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(bytes: Buffer): Promise<Readonly<Record<string, readonly number[]>>> {
  const name = path.join(folder, 'file.safetensors')
  await writeFile(name, bytes)
  const file = await open(name)
  try {
    const tensors = await readSafetensorsHeader(file)
    const values: [string, readonly number[]][] = []
    for (const tensor of tensors) values.push([tensor.name, [...(await readTensor(file, tensor))]])
    return Object.fromEntries(values)
  } finally {
    await file.close()
  }
}

const entry = (dtype: string, shape: readonly number[], start: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [start, end],
})

describe('readSafetensorsHeader', () => {
  it('reads numbers of 32 and of 16 bits', async () => {
    const data = Buffer.alloc(12)
    data.writeFloatLE(-1.5, 0)
    data.writeUInt16LE(0x3c00, 4)
    data.writeUInt16LE(0xc100, 6)
    data.writeUInt16LE(0x3f80, 8)
    data.writeUInt16LE(0xc020, 10)
    const header = {
      __metadata__: { format: 'pt' },
      wide: entry('F32', [1], 0, 4),
      half: entry('F16', [2], 4, 8),
      brain: entry('BF16', [2, 1], 8, 12),
    }
    expect(await read(safetensorsBytes(header, data))).toEqual({
      wide: [-1.5],
      half: [1, -2.5],
      brain: [1, -2.5],
    })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a length that is cut', Buffer.alloc(5)],
    ['a header of no bytes', Buffer.alloc(8)],
    ['a length beyond the file', Buffer.from('ffffffffffffffff7b7d', 'hex')],
    ['a header longer than the file', Buffer.from('0900000000000000' + '7b7d', 'hex')],
    ['no JSON', safetensorsBytes('{"a":', Buffer.alloc(0))],
    ['JSON too deep to parse', safetensorsBytes('['.repeat(200_000), Buffer.alloc(0))],
    ['a list', safetensorsBytes([], Buffer.alloc(0))],
    ['an entry that is none', safetensorsBytes({ a: 7 }, Buffer.alloc(4))],
    ['a shape with a fraction', safetensorsBytes({ a: entry('F32', [0.5], 0, 2) }, Buffer.alloc(4))],
    ['a negative offset', safetensorsBytes({ a: entry('F32', [1], -4, 0) }, Buffer.alloc(4))],
    ['an end beyond the file', safetensorsBytes({ a: entry('F32', [2], 0, 8) }, Buffer.alloc(4))],
    [
      'a shape that is too large',
      safetensorsBytes({ a: entry('F32', [2 ** 50, 2 ** 50], 0, 4) }, Buffer.alloc(4)),
    ],
    ['a length that is not the shape’s', safetensorsBytes({ a: entry('F32', [2], 0, 4) }, Buffer.alloc(8))],
    ['another number format', safetensorsBytes({ a: entry('I64', [1], 0, 8) }, Buffer.alloc(8))],
    [
      'tensors one over another',
      safetensorsBytes({ a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }, Buffer.alloc(8)),
    ],
  ])('refuses %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'FILE_INVALID' })
  })

  it('refuses a damaged file or reads it, whichever bytes are wrong', async () => {
    const right = safetensorsBytes(
      { a: entry('F32', [2], 0, 8), b: entry('F16', [2], 8, 12) },
      Buffer.alloc(12),
    )
    const damage = fc.array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(right.length), async (changes, length) => {
        const bytes = Buffer.from(right)
        for (const [at, byte] of changes) bytes[at] = byte
        const outcome = await read(bytes.subarray(0, length)).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InhouseError)
      }),
      { numRuns: 200 },
    )
  })
})

describe('halfToNumber', () => {
  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333_251_953_125],
    [0x7bff, 65_504],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])('reads %i', (bits, value) => {
    expect(halfToNumber(bits)).toBe(value)
  })
})
