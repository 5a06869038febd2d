import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dryRunFolder } from '#backend/llama/dry-run-folder.ts'
import { runDryRun } from '#backend/llama/run-dry-run.ts'
import { testRequest } from '#backend/llama/testing/test-request.ts'
import { packageRoot } from '#backend/store/package-root.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

let userFolder: string
beforeEach(async () => void (userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-run-'))))
afterEach(() => rm(userFolder, { recursive: true, force: true }))

it('writes real zeros where the file system keeps no holes, and runs them all the same', async () => {
  const { model, quantization } = testRequest(shippedCatalogue, 'HuggingFaceTB/SmolLM2-135M-Instruct')
  const steps = [{ kind: 'decode', depthTokens: 0, streams: 1, repetitions: 3, expectedSeconds: 5 }] as const
  const run = {
    model,
    quantization,
    file: {
      of: 'model',
      layers: null,
      loadSeconds: 2,
      contexts: [{ contextTokens: 256, sequences: 1, steps }],
    },
    load: { backend: 'cpu', gpuLayers: 0, threads: 1 },
    kvType: 'f16',
    flashAttention: true,
  } as const
  const said: string[] = []
  const [result] = await runDryRun(({ length }) => (length === 0 ? run : null), {
    root: packageRoot(),
    userFolder,
    sparse: false,
    signal: new AbortController().signal,
    onUpdate: (_, update) => said.push(update.kind),
  })
  expect(result!.seconds).toEqual([[[expect.any(Number), expect.any(Number), expect.any(Number)]]])
  expect(said.filter((kind) => kind === 'repetition')).toHaveLength(3)
  expect(await readdir(dryRunFolder(userFolder))).toEqual([])
})
