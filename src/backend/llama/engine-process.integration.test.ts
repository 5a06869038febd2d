import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { SimulateJob } from '#backend/llama/engine-job.ts'
import { startEngineProcess, type EngineProcess } from '#backend/llama/engine-process.ts'

const FAULTY = path.join(import.meta.dirname, 'testing', 'faulty-worker.ts')

function job(fault: string): SimulateJob {
  return {
    kind: 'simulate',
    load: { path: fault, backend: 'cpu', gpuLayers: 0, threads: 1 },
    context: { contextTokens: 256, sequences: 1, kvType: 'f16', flashAttention: true },
  }
}

let engine: EngineProcess | null = null
function start(): EngineProcess {
  return (engine = startEngineProcess(FAULTY))
}
afterEach(() => engine?.stop())

describe('a process that fails', () => {
  it.each([
    ['abort', 'ENGINE_CRASHED', /SIGABRT/],
    ['exit', 'ENGINE_CRASHED', /exit code 7/],
    ['killed', 'OUT_OF_MEMORY', /SIGKILL/],
    ['out-of-memory', 'OUT_OF_MEMORY', /memory ran out/],
    ['nonsense', 'UNEXPECTED', /fault of its own/],
  ])('that meets "%s" ends its job with %s', async (fault, code, message) => {
    const running = start().run(job(fault), { patienceSeconds: 20 })
    await expect(running).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      nextStep: expect.stringMatching(/\w{3}/) as string,
    })
  })

  it('is ended when its work shows no progress, although it says that it lives', async () => {
    const process = start()
    await expect(process.run(job('hang'), { patienceSeconds: 1 })).rejects.toMatchObject({
      code: 'ENGINE_HUNG',
    })
    await expect.poll(() => process.alive).toBe(false)
  })

  it('is left alone while another job of it goes on', async () => {
    const running = start().run(job('waits'), { patienceSeconds: 1 })
    await expect(running).rejects.toMatchObject({ code: 'ENGINE_CRASHED' })
  })

  it('takes no further job: the next one is refused at once', async () => {
    const process = start()
    await expect(process.run(job('exit'), { patienceSeconds: 20 })).rejects.toThrow('exit code 7')
    await expect(process.run(job('hang'), { patienceSeconds: 20 })).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
    })
  })

  it('is ended by a signal, with its reason', async () => {
    const process = start()
    const cancelling = new AbortController()
    const running = process.run(job('hang'), { patienceSeconds: 60, signal: cancelling.signal })
    cancelling.abort(new Error('called off'))
    await expect(running).rejects.toThrow('called off')
    await expect.poll(() => process.alive).toBe(false)
  })
})
