import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { packageRoot } from '#backend/store/package-root.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { readSavedMachine } from './input/read-saved-machine.ts'
import { planRequest } from './plan-request.ts'
import type { PlanWish } from './plan-request.ts'

let catalogue: Catalogue
let machine: Machine

beforeAll(async () => {
  catalogue = await loadCatalogue({ dataFolder: path.join(packageRoot(), 'data'), userFolder: null })
  machine = await readSavedMachine(path.join(import.meta.dirname, 'fixtures', 'workstation.json'))
})

function asked(wish: PlanWish) {
  const { model, quantization, ...request } = planRequest(wish, machine, catalogue)
  return { ...request, model: model.id, quantization: quantization.id }
}

describe('what is left out of a plan', () => {
  it('is one user, 8k context, f16 and the usual four bits', () => {
    expect(asked({ model: 'llama-3.1-8b' })).toEqual({
      machine,
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      quantization: 'Q4_K_M',
      contextTokens: 8192,
      users: 1,
      kvType: 'f16',
      engine: 'llama.cpp',
      gpuLayers: 'auto',
      useReserve: false,
    })
  })

  it.each<[PlanWish, object]>([
    [{ model: 'gpt-oss-20b' }, { quantization: 'MXFP4' }],
    [{ model: 'tinyllama-1.1b' }, { contextTokens: 2048 }],
    [
      { model: 'llama-3.1-8b', engine: 'mlx' },
      { quantization: 'MLX-4bit', engine: 'mlx' },
    ],
    [
      { model: 'llama-3.1-8b', backend: 'mlx' },
      { quantization: 'MLX-4bit', engine: 'mlx', backend: 'mlx' },
    ],
    [
      { model: 'llama-3.1-8b', quant: 'awq' },
      { quantization: 'AWQ', engine: 'vllm' },
    ],
    [
      { model: 'llama-3.1-8b', engine: 'ollama' },
      { quantization: 'Q4_K_M', engine: 'ollama' },
    ],
    [{ model: 'llama-3.1-8b', gpuLayers: 'all' }, { gpuLayers: 33 }],
    [
      { model: 'llama-3.1-8b', depth: 0 },
      { contextTokens: 512, depthTokens: 0 },
    ],
    [
      { model: 'llama-3.1-8b', depth: 32_768 },
      { contextTokens: 33_280, depthTokens: 32_768 },
    ],
    // llama-bench counts the 32 tokens it writes: half of them stand above the context.
    [
      { model: 'llama-3.1-8b', depth: 4112, context: 4096 },
      { contextTokens: 4096, depthTokens: 4096 },
    ],
  ])('follows from the rest: %j', (wish, expected) => {
    expect(asked(wish)).toMatchObject(expected)
  })

  it('has to be said where it cannot be: a depth well above the context', () => {
    expect(() => asked({ model: 'llama-3.1-8b', depth: 9000, context: 8192 })).toThrow(
      /does not fit into a context/,
    )
  })

  it('is refused where the engine has no loader for the architecture, as every table says', () => {
    expect(() => asked({ model: 'gpt-j-6b' })).toThrow(/llama\.cpp cannot load GPT-J 6B/)
    expect(() => asked({ model: 'gpt-j-6b', engine: 'ollama' })).toThrow(/ollama cannot load/)
    expect(asked({ model: 'gpt-j-6b', engine: 'vllm' })).toMatchObject({
      engine: 'vllm',
      quantization: 'AWQ',
    })
  })
})
