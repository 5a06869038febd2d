import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { supportsSparseFiles } from '#backend/gguf/sparse-support.ts'
import { UNLOADABLE_ARCHITECTURES } from '#backend/gguf/unloadable-architectures.ts'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { layerRepetition } from '#core/model/layer-repetition.ts'
import type { Model } from '#core/model/model.ts'
import { chooseLayers } from '#core/quant/choose-layers.ts'
import { weightsOf } from '#core/quant/weights.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../../../test/try-model-file.ts', import.meta.url))
const quantization = shippedCatalogue.quantizations.find(({ id }) => id === 'Q4_K_M')!

/** The smallest model of every architecture. */
const smallest = new Map<string, Model>()
for (const model of shippedCatalogue.models) {
  const { gguf } = model.architecture
  if (gguf === null) continue
  const known = smallest.get(gguf)
  if (known === undefined || model.parameters.total < known.parameters.total) smallest.set(gguf, model)
}
const rows = [...smallest].map(([architecture, model]) => [architecture, model] as const)

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-load-'))
  // Without holes the files below would be hundreds of gigabytes.
  if (!(await supportsSparseFiles(folder))) throw new Error(`${folder} is on a file system without holes.`)
})
afterAll(() => rm(folder, { recursive: true }))

interface Trial {
  readonly ok: boolean
  readonly failure?: string
  readonly modelBytes?: number
  readonly finite?: boolean
}

/** llama.cpp in a process of its own: a file it does not like may take the process with it. */
async function tried(
  mode: 'simulate' | 'decode' | 'embed',
  files: readonly string[],
): Promise<readonly Trial[]> {
  const { stdout } = await run(process.execPath, [script, mode, ...files])
  const answers = stdout.split('\n').filter((line) => line.startsWith('{'))
  return answers.map((line) => JSON.parse(line) as Trial)
}

async function written(
  model: Model,
  more: { readonly layers?: readonly number[]; readonly fill?: 'random' } = {},
): Promise<string> {
  const file = path.join(folder, `${more.layers?.length ?? 'all'}.gguf`)
  await writeModelFile({ model, quantization, path: file, fill: 'sparse', ...more })
  return file
}

describe('llama.cpp', () => {
  it('does not take a file that lacks a key, and the test sees it', async () => {
    const file = await written(rows[0]![1])
    const handle = await open(file, 'r+')
    const head = Buffer.alloc(4096)
    await handle.read(head, 0, head.length, 0)
    await handle.write('X', head.indexOf('block_count'))
    await handle.close()
    expect(await tried('simulate', [file])).toMatchObject([{ ok: false }])
  })

  it.each(rows)('loads %s, whole and at two shallow depths', async (architecture, model) => {
    const { minimumLayers, periodLayers } = layerRepetition(model.architecture)
    const whole = await written(model)
    const shallow = [
      await written(model, { layers: chooseLayers(model, quantization, minimumLayers) }),
      await written(model, { layers: chooseLayers(model, quantization, minimumLayers + periodLayers) }),
    ]
    const trials = await tried('simulate', [whole, ...shallow])
    const loads = UNLOADABLE_ARCHITECTURES.every((one) => one.architecture !== architecture)
    expect(trials.map(({ failure, ok }) => failure ?? ok)).toEqual(
      loads ? [true, true, true] : trials.map(() => expect.any(String) as string),
    )
    if (!loads) return
    // llama.cpp takes every tensor of the file but those of prediction layers, which it leaves where they are.
    const { predictionBytes, tensorBytes } = weightsOf(model, quantization)
    const difference = (trials[0]?.modelBytes ?? 0) / (tensorBytes - predictionBytes) - 1
    expect(Math.abs(difference)).toBeLessThan(0.005)
  })
})

const runnable = rows.filter(([, model]) => weightsOf(model, quantization).fileBytes < 2e9)

describe('a model without weights', () => {
  it.each(runnable)('runs: %s', async (_, model) => {
    const isEncoder = model.architecture.tokenTypes !== null
    const trials = await tried(isEncoder ? 'embed' : 'decode', [await written(model)])
    expect(trials).toMatchObject([{ ok: true }])
  })

  it('answers with finite numbers where its weights are random', async () => {
    const [, model] = rows.find(([architecture]) => architecture === 'nomic-bert')!
    const trials = await tried('embed', [await written(model, { fill: 'random' })])
    expect(trials).toMatchObject([{ ok: true, finite: true }])
  })
})
