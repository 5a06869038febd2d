import type { Accelerator, Backend } from '#core/machine/machine.ts'
import type { Engine } from '#core/quant/quantization.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

/**
 * Device memory a process takes outside llama.cpp's own accounting: CUDA context and kernels about 450 MiB on a
 * headless card, 750 MiB on large Blackwell cards (logged runs); ROCm is taken as CUDA and Vulkan as 200 MiB, both
 * assumed; Metal keeps almost nothing. vLLM adds its graphs and activations, taken as 1.5 GiB.
 */
export function runtimeOverheadBytes(accelerator: Accelerator, backend: Backend, engine: Engine): number {
  const engineBytes = engine === 'vllm' ? gibibytesToBytes(1.5) : 0
  return engineBytes + contextBytes(accelerator, backend)
}

function contextBytes(accelerator: Accelerator, backend: Backend): number {
  switch (backend) {
    case 'cuda': {
      const large = (accelerator.memoryBytes ?? 0) > gibibytesToBytes(40)
      const blackwell = /blackwell/i.test(accelerator.performance?.architecture ?? '')
      return mebibytesToBytes(large && blackwell ? 750 : 450)
    }
    case 'rocm':
      return mebibytesToBytes(450)
    case 'vulkan':
      return mebibytesToBytes(200)
    case 'metal':
    case 'mlx':
    case 'cpu':
      return 0
  }
}

/** The process itself in system memory: code, vocabulary, buffers for sampling; assumed. */
export const PROCESS_BYTES = mebibytesToBytes(150)
