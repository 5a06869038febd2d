import type { Llama } from 'node-llama-cpp'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import type { EngineLog } from '#backend/llama/worker/engine-log.ts'
import type { Backend } from '#core/machine/machine.ts'

/** node-llama-cpp's name of a backend; ROCm and MLX it does not have. */
function gpuType(backend: Backend): 'cuda' | 'vulkan' | 'metal' | false {
  if (backend === 'cuda' || backend === 'vulkan' || backend === 'metal') return backend
  if (backend === 'cpu') return false
  throw new EngineJobError('engine-missing', `The bundled llama.cpp has no ${backend} backend.`, '')
}

const engines = new Map<string, Promise<Llama>>()

/**
 * llama.cpp with one backend and a fixed number of threads: its own default is many times slower on few cores. Loaded
 * once in this process, and it writes into the log it was first loaded with.
 */
export function loadEngine(backend: Backend, threads: number, log: EngineLog): Promise<Llama> {
  const key = `${backend} ${threads}`
  const known = engines.get(key)
  if (known !== undefined) return known
  const loading = startEngine(backend, threads, log)
  engines.set(key, loading)
  return loading
}

async function startEngine(backend: Backend, threads: number, log: EngineLog): Promise<Llama> {
  const gpu = gpuType(backend)
  const { getLlama, LlamaLogLevel } = await importEngine()
  try {
    return await getLlama({
      gpu,
      build: 'never',
      maxThreads: threads,
      progressLogs: false,
      logLevel: LlamaLogLevel.debug,
      logger: log.write,
    })
  } catch (error) {
    throw new EngineJobError(
      'engine-missing',
      `The bundled llama.cpp cannot be loaded for ${backend}.`,
      [String(error), ...log.lines()].join('\n'),
    )
  }
}

/** Loads the package, once. */
export async function importEngine() {
  try {
    return await import('node-llama-cpp')
  } catch (error) {
    throw new EngineJobError('engine-missing', 'node-llama-cpp is not installed.', String(error))
  }
}
