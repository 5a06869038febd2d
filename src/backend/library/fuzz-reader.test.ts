import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { mutateGguf } from '#backend/library/testing/mutate-gguf.ts'
import { seededRandom } from '#backend/library/testing/seeded-random.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const MUTATIONS = 400

let folder: string
let whole: Uint8Array

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-fuzz-'))
  const file = path.join(folder, 'whole.gguf')
  const model = shippedCatalogue.models.find(({ id }) => id === 'HuggingFaceTB/SmolLM2-135M-Instruct')!
  await writeModelFile({
    model: {
      ...model,
      architecture: { ...model.architecture, layers: 2, hidden: 64, ffn: 128, vocabulary: 600 },
    },
    quantization: shippedCatalogue.quantizations.find(({ id }) => id === 'Q8_0')!,
    path: file,
    fill: 'zeros',
  })
  whole = await readFile(file)
})
afterAll(() => rm(folder, { recursive: true }))

/** What comes of a file: its header, or a refusal for people. Anything else is thrown and fails the test. */
async function outcomeOf(file: string): Promise<string> {
  try {
    const { header } = await readModelHeader(file)
    expect(Number.isSafeInteger(header.parameters)).toBe(true)
    for (const size of [header.contextTokens, ...Object.values(header.shape)])
      expect(size === null || Number.isSafeInteger(size)).toBe(true)
    return 'header'
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    expect(error.code).toBe('FILE_INVALID')
    expect(error.message.length).toBeLessThan(400)
    expect(error.nextStep).not.toBe('')
    return 'refused'
  }
}

describe('the reader', () => {
  it('reads the file that is mutated below', async () => {
    expect(await outcomeOf(path.join(folder, 'whole.gguf'))).toBe('header')
  })

  it(`survives ${MUTATIONS} damaged files, each read or refused in plain words`, async () => {
    const random = seededRandom(20_261_125)
    const file = path.join(folder, 'mutated.gguf')
    const outcomes = new Map<string, number>()
    for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
      const { bytes, what } = mutateGguf(whole, random)
      await writeFile(file, bytes)
      const outcome = await outcomeOf(file).catch((error: unknown) => {
        throw new Error(`mutation ${mutation}: ${what}`, { cause: error })
      })
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    // Flipped bits in words or weights leave a file valid; most damage must be noticed.
    expect(outcomes.get('refused')).toBeGreaterThan(MUTATIONS / 2)
    expect(outcomes.get('header')).toBeGreaterThan(MUTATIONS / 20)
  })

  it('believes no count because a file is long enough for it', async () => {
    // A terabyte of holes: whatever is claimed is there, and reads as zeros.
    const header = Buffer.alloc(24)
    header.write('GGUF')
    header.writeUInt32LE(3, 4)
    const file = path.join(folder, 'hole.gguf')
    for (const [tensors, keys] of [
      [0n, 0n],
      [0n, 20_000n],
      [100_000n, 0n],
      [2n ** 63n, 2n ** 63n],
    ] as const) {
      header.writeBigUInt64LE(tensors, 8)
      header.writeBigUInt64LE(keys, 16)
      await writeFile(file, header)
      await truncate(file, 2 ** 40)
      expect(await outcomeOf(file)).toBe('refused')
    }
  })

  it.skipIf(process.platform === 'win32')('never waits for a pipe', async () => {
    const pipe = path.join(folder, 'pipe.gguf')
    await promisify(execFile)('mkfifo', [pipe])
    expect(await outcomeOf(pipe)).toBe('refused')
  })
})
