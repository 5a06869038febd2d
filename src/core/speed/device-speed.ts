import type { Accelerator, Backend } from '#core/machine/machine.ts'
import type {
  AcceleratorBackend,
  AluGroup,
  DecodeClass,
  DecodeClassCoefficients,
  PrefillClass,
  PrefillClassCoefficients,
  SpeedModel,
} from '#core/speed/speed-model.ts'

/** What the speed formulas need of one accelerator under one backend; `null` where the device's figure is not known. */
export interface DeviceSpeed {
  readonly backend: AcceleratorBackend
  readonly decodeClass: DecodeClass
  readonly decode: DecodeClassCoefficients
  readonly prefillClass: PrefillClass
  readonly prefill: PrefillClassCoefficients
  readonly bandwidthBytesPerSecond: number | null
  /** True where the bandwidth is a guess from the CPU, not a specification. */
  readonly bandwidthGuessed: boolean
  readonly fp32FlopsPerSecond: number | null
  readonly fp16FlopsPerSecond: number | null
  readonly operationsPerWeight: number
  readonly expertFactor: number
  readonly expertLayerSeconds: number
  /** Rate the prefill share of quantized formats refers to. */
  readonly quantizedFlopsPerSecond: number | null
}

/** Bandwidth of the memory a unified device shares, where its own record has none. */
export interface SharedBandwidth {
  readonly bytesPerSecond: number | null
  readonly guessed: boolean
}

/** Classes, coefficients and rates of an accelerator under a backend. */
export function deviceSpeed(
  accelerator: Accelerator,
  backend: AcceleratorBackend,
  speedModel: SpeedModel,
  shared: SharedBandwidth,
): DeviceSpeed {
  const { decode, prefill } = speedModel
  const decodeClass = decodeClassOf(accelerator, backend)
  const prefillClass = prefillClassOf(accelerator, backend)
  const own = accelerator.performance?.bandwidthBytesPerSecond ?? null
  const usesShared = own === null && accelerator.unified
  const fp32 = accelerator.performance?.fp32FlopsPerSecond ?? guessedFp32(accelerator)
  const fp16 = largest(accelerator.performance?.fp16FlopsPerSecond ?? null, fp32)
  return {
    backend,
    decodeClass,
    decode: decode.classes[decodeClass],
    prefillClass,
    prefill: prefill.classes[prefillClass],
    bandwidthBytesPerSecond: usesShared ? shared.bytesPerSecond : own,
    bandwidthGuessed: usesShared && shared.guessed,
    fp32FlopsPerSecond: fp32,
    fp16FlopsPerSecond: fp16,
    operationsPerWeight: decode.operationsPerWeight[aluGroupOf(accelerator, backend)],
    expertFactor: decode.expertFactor[backend],
    expertLayerSeconds: decode.expertLayerSeconds[backend],
    quantizedFlopsPerSecond: quantizedRate(prefillClass, fp32, fp16),
  }
}

/** Where the table lacks fp16, or it is a token rate (Pascal, 1/64), matrix work runs in fp32. */
function largest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}

/**
 * fp32 rate where the table has none, from what it has: matrix fp16 is 2 times fp32 on GeForce and Radeon, 4 times
 * on NVIDIA's workstation parts, 8 times on Intel Arc; Apple's GPUs do about 0.42 TFLOPS a core (M3 to M5).
 */
function guessedFp32(accelerator: Accelerator): number | null {
  if (accelerator.vendor === 'Apple')
    return accelerator.gpuCores === null ? null : accelerator.gpuCores * 0.42e12
  const fp16 = accelerator.performance?.fp16FlopsPerSecond ?? null
  if (fp16 === null) return null
  if (accelerator.vendor === 'Intel') return fp16 / 8
  const workstation = accelerator.vendor === 'NVIDIA' && !/geforce/i.test(accelerator.name)
  return fp16 / (workstation ? 4 : 2)
}

/** Architecture word of the device in lower case, from its record or, for an unlisted NVIDIA card, its compute capability. */
function architectureOf(accelerator: Accelerator): string {
  const known = accelerator.performance?.architecture
  if (known) return known.toLowerCase()
  const capability = Number(accelerator.computeCapability ?? Number.NaN)
  if (capability >= 10) return 'blackwell'
  if (capability >= 9) return 'hopper'
  if (capability >= 8.9) return 'ada lovelace'
  if (capability >= 8) return 'ampere'
  if (capability >= 7.5) return 'turing'
  if (capability >= 7) return 'volta'
  return capability > 0 ? 'pascal' : accelerator.name.toLowerCase()
}

/** High-bandwidth memory: A100, A30, H100 and their successors read past 900 GB/s with the older share. */
function isHbm(accelerator: Accelerator, architecture: string): boolean {
  return (
    architecture.includes('hopper') ||
    /\b(a100|a30|gh200|b100|b200|b300|gb200|gb300)\b/i.test(accelerator.name)
  )
}

function decodeClassOf(accelerator: Accelerator, backend: AcceleratorBackend): DecodeClass {
  if (backend === 'metal' || backend === 'mlx') return backend
  if (backend === 'cuda') return cudaDecodeClass(accelerator)
  if (backend === 'rocm') return isApu(accelerator) ? 'rocm-apu' : 'rocm'
  if (accelerator.vendor === 'NVIDIA') return 'vulkan-nvidia'
  if (accelerator.vendor === 'AMD') return isApu(accelerator) ? 'vulkan-amd-apu' : 'vulkan-amd'
  return 'vulkan-intel'
}

function isApu(accelerator: Accelerator): boolean {
  return accelerator.unified || accelerator.integrated
}

/** Every class of CUDA decoding is one of prompt processing too. */
type CudaClass = Extract<DecodeClass, `cuda-${string}`>

function cudaDecodeClass(accelerator: Accelerator): CudaClass {
  const architecture = architectureOf(accelerator)
  if (isHbm(accelerator, architecture)) return 'cuda-hbm'
  if (architecture.includes('blackwell')) return 'cuda-blackwell'
  if (architecture.includes('ada')) return 'cuda-ada'
  if (architecture.includes('ampere')) return 'cuda-ampere'
  if (architecture.includes('turing') || architecture.includes('volta')) return 'cuda-turing'
  return 'cuda-pascal'
}

function aluGroupOf(accelerator: Accelerator, backend: Backend): AluGroup {
  if (backend === 'mlx') return 'mlx'
  if (accelerator.vendor === 'Apple')
    return /^m[12]\b/.test(architectureOf(accelerator)) ? 'apple-m1-m2' : 'apple-m3'
  if (accelerator.vendor === 'NVIDIA')
    return /pascal|maxwell|volta|turing/.test(architectureOf(accelerator)) ? 'nvidia-old' : 'nvidia'
  return accelerator.vendor === 'AMD' ? 'amd' : 'intel'
}

function prefillClassOf(accelerator: Accelerator, backend: AcceleratorBackend): PrefillClass {
  const architecture = architectureOf(accelerator)
  if (backend === 'metal') return 'metal'
  if (backend === 'mlx') return /^m[5-9]\b/.test(architecture) ? 'mlx-m5' : 'mlx'
  if (backend === 'cuda') return cudaPrefillClass(accelerator, architecture)
  if (accelerator.vendor === 'NVIDIA') return 'vulkan-nvidia'
  if (accelerator.vendor !== 'AMD') return 'vulkan-intel'
  if (isApu(accelerator)) return backend === 'rocm' ? 'rocm-apu' : 'vulkan-amd-apu'
  const recent = /rdna ?[34]|cdna/.test(architecture)
  if (backend === 'rocm') return recent ? 'rocm-rdna3' : 'rocm-rdna2'
  return recent ? 'vulkan-rdna3' : 'vulkan-rdna2'
}

function cudaPrefillClass(accelerator: Accelerator, architecture: string): PrefillClass {
  if (/\bgb10\b/i.test(accelerator.name)) return 'cuda-gb10'
  if (/\bgtx 16/i.test(accelerator.name)) return 'cuda-gtx16'
  if (architecture.includes('volta')) return 'cuda-volta'
  return cudaDecodeClass(accelerator)
}

/**
 * Peak rate of llama.cpp's quantized matrix kernels, by class: int8 units at a multiple of fp32, tensor cores at
 * twice their fp16 rate (A100, H100), elsewhere the fp16 rate.
 */
function quantizedRate(prefillClass: PrefillClass, fp32: number | null, fp16: number | null): number | null {
  switch (prefillClass) {
    case 'cuda-ada':
    case 'cuda-ampere':
    case 'cuda-blackwell':
    case 'cuda-gb10':
      return fp32 === null ? null : 8 * fp32
    case 'cuda-turing':
      return fp32 === null ? null : 16 * fp32
    case 'cuda-pascal':
    case 'cuda-gtx16':
      return fp32 === null ? null : 4 * fp32
    case 'cuda-hbm':
      return fp16 === null ? null : 2 * fp16
    default:
      return fp16 ?? fp32
  }
}
