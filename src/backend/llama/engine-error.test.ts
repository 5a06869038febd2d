import { describe, expect, it } from 'vitest'
import { crashError, engineError, hungError, type ProcessEnd } from '#backend/llama/engine-error.ts'
import type { EngineFailure } from '#backend/llama/engine-job.ts'
import type { InhouseError } from '#contract/inhouse-error.ts'

const failure = (reason: EngineFailure['reason'], log = ''): EngineFailure => ({
  reason,
  message: 'What happened.',
  nextStep: null,
  log,
})

/** What people are told: one sentence that ends, and a way out. */
function expectWayOut(error: InhouseError): void {
  expect(error.message).toMatch(/^[A-Z].*\.$/)
  expect(error.nextStep).toMatch(/^[A-Z].*\.$/)
}

describe('engineError', () => {
  it.each([
    ['engine-missing', 'ENGINE_MISSING'],
    ['model-rejected', 'MODEL_REJECTED'],
    ['out-of-memory', 'OUT_OF_MEMORY'],
    ['refused', 'CHAT_REFUSED'],
    ['unexpected', 'UNEXPECTED'],
  ] as const)('%s is %s, with a way out and the log as its cause', (reason, code) => {
    const error = engineError(failure(reason, 'the log'))
    expect(error.code).toBe(code)
    expectWayOut(error)
    expect(String(error.cause)).toContain('What happened.')
    expect(String(error.cause)).toContain('the log')
  })

  it.each([
    // As llama.cpp v0.5.0 words it: src/llama.cpp puts the first part before what a loader throws.
    ["unknown model architecture: 'x'"],
    ["missing tensor 'blk.0.attn_q.weight'"],
    ['error loading model hyperparameters: key not found in model: llama.block_count'],
  ])('says why a model was rejected: %s', (reason) => {
    const log = `llama_model_loader: loaded meta data\nllama_model_load: error loading model: ${reason}\nmore`
    expect(engineError(failure('model-rejected', log)).message).toBe(`What happened. It says: ${reason}.`)
  })

  it('keeps to what is known where the log does not say', () => {
    expect(engineError(failure('model-rejected', 'done_getting_tensors')).message).toBe('What happened.')
  })

  it('does not show people the words of a fault of its own', () => {
    expect(engineError(failure('unexpected')).message).not.toContain('What happened.')
  })
})

describe('crashError', () => {
  const end = (change: Partial<ProcessEnd>): ProcessEnd => ({
    code: null,
    signal: null,
    stderr: '',
    ...change,
  })

  it.each<[string, ProcessEnd, InhouseError['code'], string]>([
    ['killed by the system', end({ signal: 'SIGKILL' }), 'OUT_OF_MEMORY', 'SIGKILL'],
    [
      'std::bad_alloc',
      end({ signal: 'SIGABRT', stderr: 'what():  std::bad_alloc' }),
      'OUT_OF_MEMORY',
      'SIGABRT',
    ],
    [
      'a buffer that cannot be had',
      end({ code: 134, stderr: 'ggml_aligned_malloc: failed to allocate 8192.00 MB' }),
      'OUT_OF_MEMORY',
      '134',
    ],
    ['a GPU without room', end({ code: 1, stderr: 'CUDA error: out of memory' }), 'OUT_OF_MEMORY', '1'],
    [
      'an assertion',
      end({ signal: 'SIGABRT', stderr: 'GGML_ASSERT(n > 0) failed' }),
      'ENGINE_CRASHED',
      'SIGABRT',
    ],
    ['a wrong address', end({ signal: 'SIGSEGV' }), 'ENGINE_CRASHED', 'SIGSEGV'],
    ['an exit code', end({ code: 3 }), 'ENGINE_CRASHED', 'exit code 3'],
    ['nothing told', end({}), 'ENGINE_CRASHED', 'exit code unknown'],
  ])('%s', (_what, ended, code, how) => {
    const error = crashError(ended)
    expect(error.code).toBe(code)
    expect(error.message).toContain(how)
    expectWayOut(error)
    expect(String(error.cause)).toContain(ended.stderr)
  })
})

describe('hungError', () => {
  it('says for how long nothing came', () => {
    const error = hungError(119.6)
    expect(error.code).toBe('ENGINE_HUNG')
    expect(error.message).toContain('120 seconds')
    expectWayOut(error)
  })
})
