import type { DryRunFile, DryRunStep } from '#core/measure/dry-run-plan.ts'
import { warmUpRepetitions } from '#core/measure/dry-run-plan.ts'
import { plainArchitecture } from '#core/measure/plain-architecture.ts'
import type { MachineFormatSpeed, MachineSpeed } from '#core/measure/measurement.ts'
import { quantile } from '#core/measure/quantile.ts'
import type { Architecture, Model } from '#core/model/model.ts'
import { rowsBytes, GGML_TYPES } from '#core/quant/ggml-type.ts'
import { weightsOf } from '#core/quant/weights.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** Formats that are timed: the usual four bits, the six of most output heads, the usual eight, and no packing at all. */
export const MACHINE_FORMATS = ['Q4_K_M', 'Q6_K', 'Q8_0', 'F16'] as const

/** A layer of a model of 8 billion parameters: wide enough that no processor's cache holds it. */
const WIDE: Partial<Architecture> = {
  layers: 1,
  hidden: 4096,
  heads: 32,
  kvHeads: 8,
  headDimension: 128,
  ffn: 14_336,
}
/** With four, half of them get the wider types of the recipe, as half of any deep model's do (llama-quant.cpp, use_more_bits). */
const WIDE_MIXED: Partial<Architecture> = { ...WIDE, layers: 4 }
/** Many layers of next to nothing: what a layer costs however narrow it is. */
const NARROW: Partial<Architecture> = {
  layers: 48,
  hidden: 256,
  heads: 2,
  kvHeads: 2,
  headDimension: 128,
  ffn: 256,
}
/** Attention of the same model of 8 billion parameters over a long context, and next to nothing else. */
const ATTENTION: Partial<Architecture> = {
  layers: 2,
  hidden: 256,
  heads: 32,
  kvHeads: 8,
  headDimension: 128,
  ffn: 256,
}
const ATTENTION_DEPTH_TOKENS = 1536
const PROMPT_TOKENS = 128

/** A file to be timed for the machine's own speed. */
export interface MachineShape {
  readonly step: string
  readonly model: Model
  readonly quantizationId: string
  readonly file: DryRunFile
}

/** Small files that tell how fast a machine reads and computes; a few seconds in all. */
export function machineShapes(template: Model): readonly MachineShape[] {
  const wide = MACHINE_FORMATS.map((quantizationId) =>
    shapeOf(template, { step: quantizationId, quantizationId, part: partOf(quantizationId) }, [
      decode(0, 24),
      prompt(PROMPT_TOKENS),
    ]),
  )
  return [
    ...wide,
    shapeOf(template, { step: 'layers', quantizationId: 'F16', part: NARROW }, [decode(0, 48)]),
    shapeOf(template, { step: 'attention', quantizationId: 'F16', part: ATTENTION }, [
      decode(0, 48),
      decode(ATTENTION_DEPTH_TOKENS, 48),
    ]),
  ]
}

function partOf(quantizationId: string): Partial<Architecture> {
  return quantizationId === 'Q4_K_M' ? WIDE_MIXED : WIDE
}

interface ShapeOptions {
  readonly step: string
  readonly quantizationId: string
  readonly part: Partial<Architecture>
}

function shapeOf(
  template: Model,
  { step, quantizationId, part }: ShapeOptions,
  steps: readonly DryRunStep[],
): MachineShape {
  const model: Model = {
    ...template,
    id: `inhouse/${step}`,
    name: step,
    architecture: { ...plainArchitecture(4096), ...part },
  }
  const contexts = [{ contextTokens: 2048, sequences: 1, steps }]
  return { step, model, quantizationId, file: { of: 'model', layers: null, loadSeconds: 1, contexts } }
}

function decode(depthTokens: number, repetitions: number): DryRunStep {
  return { kind: 'decode', depthTokens, streams: 1, repetitions, expectedSeconds: 2 }
}

function prompt(promptTokens: number): DryRunStep {
  return { kind: 'prefill', promptTokens, repetitions: 3, expectedSeconds: 2 }
}

type Speeds = Pick<MachineSpeed, 'formats' | 'cacheBytesPerSecond' | 'layerSeconds'>

/** What the durations of `machineShapes` say; `seconds[shape][step]` holds every repetition. */
export function machineSpeeds(
  shapes: readonly MachineShape[],
  seconds: readonly (readonly (readonly number[])[])[],
  quantizations: readonly Quantization[],
): Speeds {
  const at = (step: string) => shapes.findIndex((shape) => shape.step === step)
  const layers = at('layers')
  const layerSeconds = undisturbed(seconds[layers]?.[0]) / shapes[layers]!.model.architecture.layers
  const formats = MACHINE_FORMATS.map((id): MachineFormatSpeed => {
    const shape = shapes[at(id)]!
    const [decoding, prompts] = seconds[at(id)]!
    const quantization = quantizations.find((each) => each.id === id)!
    const weights = weightsOf(shape.model, quantization)
    const rate = (taken: number) =>
      weights.readBytesPerToken / (taken - layerSeconds * shape.model.architecture.layers)
    return {
      quantizationId: id,
      readBytesPerSecond: rate(undisturbed(decoding)),
      lowReadBytesPerSecond: rate(counted(decoding, 0.9)),
      highReadBytesPerSecond: rate(counted(decoding, 0.1)),
      prefillFlopsPerSecond: (2 * multipliedWeights(shape.model) * PROMPT_TOKENS) / undisturbed(prompts),
    }
  })
  const [empty, filled] = seconds[at('attention')] ?? []
  const slower = undisturbed(filled) - undisturbed(empty)
  return { formats, layerSeconds, cacheBytesPerSecond: slower > 0 ? attentionBytes() / slower : null }
}

/** Other programs only ever slow a step down: what the machine can do is in its faster repetitions. */
function undisturbed(all: readonly number[] | undefined): number {
  return counted(all, 0.25)
}

function counted(all: readonly number[] | undefined, share: number): number {
  const kept = all ?? []
  return quantile(kept.slice(warmUpRepetitions(kept.length)), share)
}

/** Weights a prompt token multiplies with: the layers', without the head, which only the last token asks. */
function multipliedWeights({ architecture }: Model): number {
  const { layers, hidden, heads, kvHeads, headDimension, ffn } = architecture
  return layers * hidden * (2 * heads * headDimension + 2 * kvHeads * headDimension + 3 * (ffn ?? 0))
}

/** Keys and values of all layers that one token reads at the depth, f16. */
function attentionBytes(): number {
  const { layers = 0, kvHeads = 0, headDimension = 0 } = ATTENTION
  return layers * 2 * rowsBytes(GGML_TYPES.F16, kvHeads * headDimension, ATTENTION_DEPTH_TOKENS)
}
