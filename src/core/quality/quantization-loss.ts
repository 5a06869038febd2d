import { oncePer } from '#core/lookup/once-per.ts'
import { groupBy } from '#core/lookup/group-by.ts'
import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** How precisely the loss of a type can be told from its name; `below-3-bit` only in words. */
export type LossBand = 'original' | '5-bit-and-above' | '4-bit' | '3-bit' | 'below-3-bit'

/** Loss of one type on the reference model (Llama-3-8B, a dense 8B). */
export interface TypeLoss {
  /** Id of the quantization table. */
  readonly quantization: string
  /** Mean Kullback-Leibler divergence per token from the original, in nats. */
  readonly referenceKldNats: number
  readonly importanceMatrix: boolean
  readonly band: LossBand
  /** How the value came about, in words. */
  readonly basis: string
  readonly source: string
  readonly asOf: string
}

/** How much more (or less) than the reference a class of models loses. */
export interface LossClass {
  readonly id:
    | 'dense-below-1b'
    | 'dense-1b-to-5b'
    | 'dense-from-6b'
    | 'llama-3-8b'
    | 'experts-below-15b'
    | 'experts-from-30b'
  readonly factor: number
  readonly seenLow: number
  readonly seenHigh: number
  /** Models the factor rests on. */
  readonly models: number
}

/** One published measurement on one model. */
export interface LossMeasurement {
  readonly model: string
  /** Catalogue id, where the catalogue has the model. */
  readonly modelId: string | null
  readonly totalParameters: number | null
  readonly activeParameters: number | null
  readonly quantization: string
  readonly top1AgreementPercent: number | null
  readonly kldNats: number | null
  readonly corpus: string | null
  readonly importanceMatrix: boolean | null
  readonly source: string | null
  readonly asOf: string
}

/** `data/quantization-loss.json`. */
export interface QuantizationLossTable {
  readonly schema: string
  readonly asOf: string
  /** Disagreement in percent = coefficient × KLD^exponent, fitted up to `largestKldNats`. */
  readonly disagreement: {
    readonly coefficientPercent: number
    readonly exponent: number
    readonly largestKldNats: number
    readonly factorStandardDeviation: number
    readonly pairs: number
    readonly source: string
  }
  readonly bands: readonly { readonly band: LossBand; readonly halfWidthPoints: number | null }[]
  readonly classes: readonly LossClass[]
  readonly types: readonly TypeLoss[]
  /** Models trained in a quantized format: that format is the original. */
  readonly natives: readonly {
    readonly modelId: string
    readonly quantization: string
    readonly source: string
    readonly asOf: string
  }[]
  readonly measurements: readonly LossMeasurement[]
}

interface LossIndex {
  readonly types: ReadonlyMap<string, TypeLoss>
  readonly halfWidths: ReadonlyMap<LossBand, number | null>
  readonly factors: ReadonlyMap<LossClass['id'], number>
  readonly natives: ReadonlyMap<string, string>
  readonly measurements: ReadonlyMap<string, readonly LossMeasurement[]>
  /** By model id: KLD against the reference. */
  readonly factorOfModel: Map<string, number>
}

const indexOf = oncePer(buildIndex)

/** The quantized format a model was trained in ("MXFP4" for gpt-oss), where there is one. */
export function nativeQuantization(modelId: string, table: QuantizationLossTable): string | null {
  return indexOf(table).natives.get(modelId) ?? null
}

/**
 * "Agrees with the original on the next token N %": top-1 agreement of a quantization of a model. A measurement of this
 * very model wins; else the type's divergence on the reference model times the factor of the model's class. Error of the
 * estimate against published values, root mean square: 0.6 points at 5 bits and above, 1.9 at 4 bits, 1.1 at 3 bits.
 * Below 3 bits it is unknown: models differ too much there.
 */
export function agreementOf(
  model: Model,
  quantization: Quantization,
  table: QuantizationLossTable,
): MaybeFigure {
  const index = indexOf(table)
  const type = index.types.get(quantization.id)
  // An embedding model predicts no next token.
  if (model.kind === 'embedding')
    return { value: null, unit: 'percent', reason: 'no published measurement of embedding models' }
  if (index.natives.get(model.id) === quantization.id || type?.band === 'original') {
    return percentFigure({
      value: 100,
      low: 100,
      high: 100,
      basis: 'published',
      source: 'the format the model was released in',
      asOf: table.asOf,
    })
  }
  const measured = measurementsOf(model.id, quantization.id, index)
  if (measured.length > 0) return measuredAgreement(measured, table)
  if (type === undefined)
    return { value: null, unit: 'percent', reason: `no published measurement of ${quantization.id}` }
  const halfWidth = index.halfWidths.get(type.band) ?? null
  if (halfWidth === null) return { value: null, unit: 'percent', reason: 'clearly worse; test it' }
  const value = agreementPercent(type.referenceKldNats * lossFactor(model, table), table)
  const source = `${type.basis}, scaled to this model's class; interval from held-out models`
  return percentFigure({
    value,
    low: value - halfWidth,
    high: value + halfWidth,
    basis: 'estimated',
    source,
    asOf: type.asOf,
  })
}

/**
 * Expected agreement in percent, only to rank plans: defined for every type, also below 3 bits, where it is a bound and
 * never shown.
 */
export function rankingAgreement(
  model: Model,
  quantization: Quantization,
  table: QuantizationLossTable,
): number {
  const index = indexOf(table)
  const type = index.types.get(quantization.id)
  if (index.natives.get(model.id) === quantization.id || type?.band === 'original') return 100
  const measured = measurementsOf(model.id, quantization.id, index)
  if (measured.length > 0) return mean(measured.map((each) => agreementMeasured(each, table)))
  const kldNats = type?.referenceKldNats ?? divergenceOfBits(quantization.nominalBitsPerWeight)
  return agreementPercent(kldNats * lossFactor(model, table), table)
}

/** True when a type's loss can only be said in words for this model. */
export function isBelowThreeBits(quantization: Quantization, table: QuantizationLossTable): boolean {
  const band = indexOf(table).types.get(quantization.id)?.band
  return band === undefined ? quantization.nominalBitsPerWeight < 3 : band === 'below-3-bit'
}

/** Top-1 agreement in percent at a mean KLD in nats: 95.8 at 0.01 (fit over 53 published pairs, 0.002 to 0.5 nats). */
export function agreementPercent(kldNats: number, table: QuantizationLossTable): number {
  const { coefficientPercent, exponent } = table.disagreement
  return Math.max(0, 100 - coefficientPercent * kldNats ** exponent)
}

/** What the class of a model is told from. */
export interface LossSubject {
  readonly family: string | null
  readonly parameters: { readonly total: number; readonly active: number | null }
}

/** Factor on the reference divergence by size and kind; between the classes, on a logarithmic scale of parameters. */
export function classFactor(subject: LossSubject, table: QuantizationLossTable): number {
  const { factors } = indexOf(table)
  const factor = (id: LossClass['id']): number => factors.get(id) ?? 1
  const billions = subject.parameters.total / 1e9
  const active = subject.parameters.active
  if (active !== null && active < MIXTURE_SHARE * subject.parameters.total) {
    return between(billions, { low: 15, high: 30 }, factor('experts-below-15b'), factor('experts-from-30b'))
  }
  if (subject.family === 'llama' && billions > 7.9 && billions < 8.1) return factor('llama-3-8b')
  if (billions < 1) return factor('dense-below-1b')
  return between(billions, { low: 5, high: 6 }, factor('dense-1b-to-5b'), factor('dense-from-6b'))
}

/** A model whose active parameters are below this share of all is a mixture of experts. */
const MIXTURE_SHARE = 0.6

function lossFactor(model: Model, table: QuantizationLossTable): number {
  const { factorOfModel } = indexOf(table)
  const known = factorOfModel.get(model.id)
  if (known !== undefined) return known
  const factor = classFactor(model, table)
  factorOfModel.set(model.id, factor)
  return factor
}

function buildIndex(table: QuantizationLossTable): LossIndex {
  const types = new Map(table.types.map((type) => [type.quantization, type]))
  const measurements = groupBy(
    table.measurements.filter((measurement) => measurement.modelId !== null),
    (measurement) => measurement.modelId ?? '',
  )
  return {
    types,
    halfWidths: new Map(table.bands.map((band) => [band.band, band.halfWidthPoints])),
    factors: new Map(table.classes.map((each) => [each.id, each.factor])),
    natives: new Map(table.natives.map((native) => [native.modelId, native.quantization])),
    measurements,
    factorOfModel: ownFactors(measurements, types),
  }
}

/** A model with measurements of its own sets its own factor: the geometric mean of what it lost against the reference. */
function ownFactors(
  measurements: ReadonlyMap<string, readonly LossMeasurement[]>,
  types: ReadonlyMap<string, TypeLoss>,
): Map<string, number> {
  const factors = new Map<string, number>()
  for (const [modelId, ofModel] of measurements) {
    const logs = ofModel.flatMap((each) => {
      const reference = types.get(each.quantization)?.referenceKldNats ?? 0
      return each.kldNats !== null && reference > 0 ? [Math.log(each.kldNats / reference)] : []
    })
    if (logs.length >= 2) factors.set(modelId, Math.exp(mean(logs)))
  }
  return factors
}

function measurementsOf(
  modelId: string,
  quantizationId: string,
  index: LossIndex,
): readonly LossMeasurement[] {
  const all = (index.measurements.get(modelId) ?? []).filter((each) => each.quantization === quantizationId)
  const direct = all.filter((each) => each.top1AgreementPercent !== null)
  return direct.length > 0 ? direct : all
}

function agreementMeasured(measurement: LossMeasurement, table: QuantizationLossTable): number {
  return measurement.top1AgreementPercent ?? agreementPercent(measurement.kldNats ?? 0, table)
}

function measuredAgreement(measured: readonly LossMeasurement[], table: QuantizationLossTable): Figure {
  const values = measured.map((each) => agreementMeasured(each, table))
  const direct = measured.every((each) => each.top1AgreementPercent !== null)
  const value = mean(values)
  // One suite and corpus moves a measurement by about a point; a value derived from a divergence by a factor of 1.23.
  const spread = direct ? 1 : (100 - value) * (table.disagreement.factorStandardDeviation - 1) * 1.28
  const sources = [...new Set(measured.map((each) => each.source ?? 'published table'))].join('; ')
  const what = direct ? 'measured on' : 'from the divergence measured on'
  return percentFigure({
    value,
    low: Math.min(...values) - spread,
    high: Math.max(...values) + spread,
    basis: direct ? 'published' : 'estimated',
    source: `${what} ${measured[0]?.model ?? 'this model'}: ${sources}`,
    asOf: measured[0]?.asOf ?? table.asOf,
  })
}

/** A figure in percent, its interval cut to what a percentage can be. */
function percentFigure({ low, high, ...rest }: Required<Omit<Figure, 'unit'>>): Figure {
  return { ...rest, unit: 'percent', low: Math.max(0, low), high: Math.min(100, high) }
}

/** All types of all models, 17 models: ln KLD = 3.03 - 1.29 bits per weight on the reference, off by a factor 1.4. */
function divergenceOfBits(bitsPerWeight: number): number {
  return Math.exp(3.03 - 1.29 * bitsPerWeight)
}

function between(
  billions: number,
  range: { readonly low: number; readonly high: number },
  atLow: number,
  atHigh: number,
): number {
  const share = (Math.log(billions) - Math.log(range.low)) / (Math.log(range.high) - Math.log(range.low))
  const clamped = Math.min(1, Math.max(0, share))
  return Math.exp(Math.log(atLow) + clamped * (Math.log(atHigh) - Math.log(atLow)))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
