import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import { deviceSpeed } from '#core/speed/device-speed.ts'
import type { AcceleratorBackend } from '#core/speed/speed-model.ts'

const unknown = { bytesPerSecond: null, guessed: false }

function classesOf(gpu: string, backend: AcceleratorBackend): readonly [string, string] {
  const [accelerator] = whatIfMachine([gpu], 64).accelerators
  const speed = deviceSpeed(accelerator!, backend, shippedCatalogue.speedModel, unknown)
  return [speed.decodeClass, speed.prefillClass]
}

describe('deviceSpeed', () => {
  it.each([
    ['GTX 1080 Ti', 'cuda', 'cuda-pascal', 'cuda-pascal'],
    ['GTX 1660', 'cuda', 'cuda-turing', 'cuda-gtx16'],
    ['RTX 3090', 'cuda', 'cuda-ampere', 'cuda-ampere'],
    ['A100 80GB PCIe', 'cuda', 'cuda-hbm', 'cuda-hbm'],
    ['H100 PCIe', 'cuda', 'cuda-hbm', 'cuda-hbm'],
    ['RTX 4090', 'cuda', 'cuda-ada', 'cuda-ada'],
    ['RTX 5090', 'cuda', 'cuda-blackwell', 'cuda-blackwell'],
    ['RTX 3090', 'vulkan', 'vulkan-nvidia', 'vulkan-nvidia'],
    ['RX 7900 XTX', 'vulkan', 'vulkan-amd', 'vulkan-rdna3'],
    ['RX 6800 XT', 'rocm', 'rocm', 'rocm-rdna2'],
    ['Radeon 8060S', 'vulkan', 'vulkan-amd-apu', 'vulkan-amd-apu'],
    ['Arc B580', 'vulkan', 'vulkan-intel', 'vulkan-intel'],
    ['M2 Max 38', 'metal', 'metal', 'metal'],
    ['M5 Max 40', 'mlx', 'mlx', 'mlx-m5'],
  ] as const)('%s under %s is of class %s, %s', (gpu, backend, decodeClass, prefillClass) => {
    expect(classesOf(gpu, backend)).toEqual([decodeClass, prefillClass])
  })

  it('tells an unlisted NVIDIA card by its compute capability', () => {
    const [known] = whatIfMachine(['RTX 4090'], 64).accelerators
    const unlisted = {
      ...known!,
      name: 'NVIDIA Graphics Device',
      performance: null,
      computeCapability: '12.0',
    }
    const speed = deviceSpeed(unlisted, 'cuda', shippedCatalogue.speedModel, unknown)
    expect([speed.decodeClass, speed.bandwidthBytesPerSecond]).toEqual(['cuda-blackwell', null])
  })

  it('lends a unified device without a record the bandwidth of its memory', () => {
    const [apple] = whatIfMachine(['M2 Max 38'], 64).accelerators
    const shared = { bytesPerSecond: 90e9, guessed: true }
    const speed = deviceSpeed({ ...apple!, performance: null }, 'metal', shippedCatalogue.speedModel, shared)
    expect([speed.bandwidthBytesPerSecond, speed.bandwidthGuessed]).toEqual([90e9, true])
  })
})
