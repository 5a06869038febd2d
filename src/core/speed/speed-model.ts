import type { Backend } from '#core/machine/machine.ts'
import type { QuantizationGroup } from '#core/quant/quantization.ts'
import type { Calibration } from '#core/speed/calibration.ts'

/** Devices that decode alike: the share of the specified bandwidth they reach and the fixed time of a layer. */
export type DecodeClass =
  | 'cuda-pascal'
  | 'cuda-turing'
  | 'cuda-ampere'
  | 'cuda-hbm'
  | 'cuda-ada'
  | 'cuda-blackwell'
  | 'metal'
  | 'mlx'
  | 'rocm'
  | 'rocm-apu'
  | 'vulkan-amd'
  | 'vulkan-amd-apu'
  | 'vulkan-nvidia'
  | 'vulkan-intel'

/** Devices that unpack quantized weights alike. */
export type AluGroup = 'nvidia' | 'nvidia-old' | 'apple-m1-m2' | 'apple-m3' | 'mlx' | 'amd' | 'intel'

/** Devices that process prompts alike. */
export type PrefillClass =
  | 'cuda-ada'
  | 'cuda-ampere'
  | 'cuda-blackwell'
  | 'cuda-gb10'
  | 'cuda-gtx16'
  | 'cuda-hbm'
  | 'cuda-pascal'
  | 'cuda-turing'
  | 'cuda-volta'
  | 'metal'
  | 'mlx'
  | 'mlx-m5'
  | 'rocm-apu'
  | 'rocm-rdna2'
  | 'rocm-rdna3'
  | 'vulkan-amd-apu'
  | 'vulkan-intel'
  | 'vulkan-nvidia'
  | 'vulkan-rdna2'
  | 'vulkan-rdna3'

/** Backends that run on an accelerator. */
export type AcceleratorBackend = Exclude<Backend, 'cpu'>

/** How devices of a class decode. */
export interface DecodeClassCoefficients {
  /** Share of the specified bandwidth that weight reads reach. */
  readonly bandwidthShare: number
  readonly layerSeconds: number
  /** Measured runs behind it; with fewer than ten it is a prior. */
  readonly runs: number
}

/** How a group of formats decodes: factors on what its class and ALU group say. */
export interface QuantizationCoefficients {
  /** On the `bandwidthShare` of a class. */
  readonly bandwidthFactor: number
  /** On the `operationsPerWeight` of an ALU group. */
  readonly unpackFactor: number
}

/** How devices of a class process prompts: shares of the device's peak rates. */
export interface PrefillClassCoefficients {
  readonly quantizedShare: number
  readonly halfPrecisionShare: number
  readonly layerSeconds: number
  readonly runs: number
}

/** Factors on a predicted speed between which 80 % of measured speeds lie. */
export interface SpeedInterval {
  readonly low: number
  readonly high: number
}

/** Why a prediction is less certain; each has its own interval. */
export type IntervalClass =
  | 'dense'
  | 'moe'
  | 'few-runs'
  | 'split'
  | 'cpu'
  | 'bandwidth-unknown'
  | 'prefill'
  | 'throughput'

/** The speed formulas' coefficients, and what was measured on the machine at hand. */
export interface SpeedModel extends SpeedCoefficients {
  /** Absent: nothing was measured. */
  readonly calibration?: Calibration
}

/** Coefficients of the speed formulas (`data/speed-model.json`), fitted on published runs. */
export interface SpeedCoefficients {
  readonly schema: 'inhouse/speed-model/1'
  readonly asOf: string
  readonly source: string
  readonly decode: {
    readonly classes: Readonly<Record<DecodeClass, DecodeClassCoefficients>>
    readonly quantizations: Readonly<Record<QuantizationGroup, QuantizationCoefficients>>
    /** No class and format together reach more than this share of the specified bandwidth. */
    readonly bandwidthShareLimit: number
    readonly operationsPerWeight: Readonly<Record<AluGroup, number>>
    /** Bandwidth share of routed experts relative to dense weights. */
    readonly expertFactor: Readonly<Record<AcceleratorBackend, number>>
    readonly expertLayerSeconds: Readonly<Record<AcceleratorBackend, number>>
    readonly kvBandwidthShare: { readonly flashAttention: number; readonly plain: number }
    readonly recurrentLayerSeconds: number
    readonly perLayerEmbeddingSeconds: number
    readonly latentLayerSeconds: number
    /** Further factor on `expertFactor` for BF16 experts under Vulkan. */
    readonly vulkanBf16ExpertFactor: number
  }
  readonly prefill: {
    readonly classes: Readonly<Record<PrefillClass, PrefillClassCoefficients>>
    readonly expertFactor: Readonly<Record<AcceleratorBackend, number>>
    readonly weightBandwidthShare: number
  }
  readonly cpu: {
    /** Share of the theoretical memory bandwidth that decoding reaches with all cores reading. */
    readonly bandwidthShare: number
    /** Most one core reads, by the kind of memory behind it unknown: bounds machines with few usable cores. */
    readonly coreBytesPerSecond: number
    /** Bandwidth of the whole socket where modules cannot be read: `base + perCore · cores`, as reached in decoding. */
    readonly unknownBaseBytesPerSecond: number
    readonly unknownCoreBytesPerSecond: number
    readonly layerSeconds: number
    /** Prompt processing of one physical core, operations per second. */
    readonly coreFlopsPerSecond: number
    readonly runs: number
  }
  readonly transfer: {
    /** Handing one layer's activations from one processor to another and back, per token. */
    readonly handoverSeconds: number
    /** Weights of layers in RAM are copied to the accelerator for long prompts at this rate. */
    readonly hostToDeviceBytesPerSecond: number
  }
  readonly intervals: Readonly<Record<IntervalClass, SpeedInterval>>
  /** Runs of LocalScore (llamafile 0.9): only for comparing with them. */
  readonly localScore: Readonly<
    Partial<
      Record<
        Backend,
        { readonly factor: number; readonly fixedFactor: number; readonly prefillFactor: number }
      >
    >
  >
}
