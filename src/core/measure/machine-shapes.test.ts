import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { MACHINE_FORMATS, machineShapes, machineSpeeds } from '#core/measure/machine-shapes.ts'
import { weightsOf } from '#core/quant/weights.ts'

const { models, quantizations } = shippedCatalogue
const shapes = machineShapes(models[0]!)

/** Weights a prompt token multiplies with in a layer of Llama 3.1 8B's widths: Q and O, K and V, feed-forward. */
const MULTIPLIED_IN_LAYER = 4096 * (2 * 32 * 128 + 2 * 8 * 128 + 3 * 14_336)
/** Keys and values, f16, of 8 heads of 128 in two layers over 1536 tokens. */
const ATTENDED_BYTES = 2 * 2 * 8 * 128 * 1536 * 2

interface Rates {
  readonly read: readonly number[]
  readonly flops: readonly number[]
  readonly layerSeconds: number
  readonly cacheBytesPerSecond: number
}

/** What a machine of these rates takes for every repetition; the ones that warm up take ten times as long. */
function secondsOf({ read, flops, layerSeconds, cacheBytesPerSecond }: Rates) {
  return shapes.map((shape, at) => {
    const steps = shape.file.contexts[0]!.steps
    const { layers } = shape.model.architecture
    const quantization = quantizations.find(({ id }) => id === shape.quantizationId)!
    const reading = weightsOf(shape.model, quantization).readBytesPerToken / (read[at] ?? Infinity)
    return steps.map((step, stepAt) => {
      const seconds =
        step.kind === 'prefill'
          ? (2 * layers * MULTIPLIED_IN_LAYER * step.promptTokens) / flops[at]!
          : layers * layerSeconds + reading + (stepAt === 1 ? ATTENDED_BYTES / cacheBytesPerSecond : 0)
      const warmUp = step.repetitions > 4 ? 2 : 1
      return Array.from({ length: step.repetitions }, (_, n) => (n < warmUp ? 10 * seconds : seconds))
    })
  })
}

const rate = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const anyRates = fc.record({
  read: fc.tuple(rate(1e9, 1e12), rate(1e9, 1e12), rate(1e9, 1e12), rate(1e9, 1e12)),
  flops: fc.tuple(rate(1e9, 1e13), rate(1e9, 1e13), rate(1e9, 1e13), rate(1e9, 1e13)),
  layerSeconds: rate(1e-6, 1e-3),
  cacheBytesPerSecond: rate(1e8, 1e11),
})

describe('machineSpeeds', () => {
  it('gives back the rates that durations were made from', () => {
    fc.assert(
      fc.property(anyRates, (rates) => {
        const speeds = machineSpeeds(shapes, secondsOf(rates), quantizations)
        expect(speeds.layerSeconds / rates.layerSeconds).toBeCloseTo(1, 9)
        expect(speeds.cacheBytesPerSecond! / rates.cacheBytesPerSecond).toBeCloseTo(1, 5)
        expect(speeds.formats.map(({ quantizationId }) => quantizationId)).toEqual(MACHINE_FORMATS)
        speeds.formats.forEach((format, at) => {
          expect(format.readBytesPerSecond / rates.read[at]!).toBeCloseTo(1, 6)
          expect(format.prefillFlopsPerSecond / rates.flops[at]!).toBeCloseTo(1, 9)
          expect(format.lowReadBytesPerSecond).toBeLessThanOrEqual(format.readBytesPerSecond)
          expect(format.highReadBytesPerSecond).toBeGreaterThanOrEqual(format.readBytesPerSecond)
        })
      }),
    )
  })

  it('says nothing of the cache where a full one was as quick as an empty one', () => {
    const rates = { read: [1e10, 1e10, 1e10, 1e10], flops: [1e11, 1e11, 1e11, 1e11], layerSeconds: 1e-5 }
    const seconds = secondsOf({ ...rates, cacheBytesPerSecond: Infinity })
    expect(machineSpeeds(shapes, seconds, quantizations).cacheBytesPerSecond).toBeNull()
  })
})

describe('machineShapes', () => {
  it('asks for files that llama.cpp runs and that are small: seconds, not minutes', () => {
    for (const { model, quantizationId } of shapes) {
      const { architecture } = model
      const quantization = quantizations.find(({ id }) => id === quantizationId)!
      expect(architecture.heads % architecture.kvHeads).toBe(0)
      // Rows of every format are whole blocks of 256.
      expect([architecture.hidden % 256, architecture.ffn! % 256]).toEqual([0, 0])
      expect(weightsOf(model, quantization).fileBytes).toBeLessThan(1.5e9)
    }
  })

  it('holds every step in its context', () => {
    for (const { file } of shapes)
      for (const { contextTokens, steps } of file.contexts)
        for (const step of steps)
          expect(
            step.kind === 'decode' ? step.depthTokens + step.repetitions + 1 : step.promptTokens,
          ).toBeLessThanOrEqual(contextTokens)
  })
})
