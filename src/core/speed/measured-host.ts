import type { MachineFormatSpeed, MachineSpeed } from '#core/measure/measurement.ts'
import { GGML_TYPES, bitsPerWeight } from '#core/quant/ggml-type.ts'

/** Rates of this machine's CPU as it was measured, for weights of a number of bits. */
export interface MeasuredHostRates {
  readonly readBytesPerSecond: number
  readonly prefillFlopsPerSecond: number
}

/** Bits of the matrices of the formats that are timed (machine-shapes.ts); Q4_K_M has 29 % of half its layers at Q6_K. */
const BITS: Readonly<Record<string, number>> = {
  Q4_K_M: 4.8,
  Q6_K: bitsPerWeight(GGML_TYPES.Q6_K),
  Q8_0: bitsPerWeight(GGML_TYPES.Q8_0),
  F16: bitsPerWeight(GGML_TYPES.F16),
}

/** Rates between the two measured formats nearest in bits, in proportion; beyond the ends those of the end. */
export function measuredHostRates(speed: MachineSpeed, bits: number): MeasuredHostRates | null {
  const formats = speed.formats
    .flatMap((format) => {
      const ofFormat = BITS[format.quantizationId]
      return ofFormat === undefined ? [] : [{ bits: ofFormat, format }]
    })
    .toSorted((a, b) => a.bits - b.bits)
  const below = formats.findLast((each) => each.bits <= bits) ?? formats[0]
  const above = formats.find((each) => each.bits >= bits) ?? formats.at(-1)
  if (below === undefined || above === undefined) return null
  const share = above.bits === below.bits ? 0 : (bits - below.bits) / (above.bits - below.bits)
  const between = (rate: (format: MachineFormatSpeed) => number) =>
    rate(below.format) * (1 - share) + rate(above.format) * share
  return {
    readBytesPerSecond: between((format) => format.readBytesPerSecond),
    prefillFlopsPerSecond: between((format) => format.prefillFlopsPerSecond),
  }
}
