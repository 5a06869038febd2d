/** Engines whose formats the catalogue knows. Ollama runs llama.cpp and its files. */
export type Engine = 'llama.cpp' | 'ollama' | 'mlx' | 'vllm'

/** Speed classes of formats that decode alike (see core/speed). */
export type QuantizationGroup =
  | 'q4_0'
  | 'q4k'
  | 'q8'
  | 'f16'
  | 'q6k'
  | 'iq23'
  | 'q23k'
  | 'iq4'
  | 'mxfp4'
  | 'gpu4'

/** A recipe that turns a model's tensors into a file: "Q4_K_M", "MXFP4", "AWQ", "MLX-4bit". */
export interface Quantization {
  /** As people write it: `Q4_K_M`. */
  readonly id: string
  /** Other ways people write it; case and punctuation never matter. */
  readonly aliases: readonly string[]
  readonly engines: readonly Engine[]
  /** Nominal bits per weight of the body tensors: for sorting and words ("4 bit"); sizes come from the blueprint. */
  readonly nominalBitsPerWeight: number
  readonly group: QuantizationGroup
  /** Made with an importance matrix where one is normally used. */
  readonly usesImportanceMatrix: boolean
  /** One plain sentence for the quantization ladder. */
  readonly summary: string
  readonly source: string
  readonly asOf: string
}

/** Cache element types of llama.cpp; quantized V needs flash attention. */
export type KvType = 'f16' | 'q8_0' | 'q4_0'
