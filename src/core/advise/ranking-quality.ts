import type { UseCase } from '#core/advise/needs.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import { qualityOf, qualityRecord, similarRange, type QualityTable } from '#core/quality/quality.ts'

/** A quality to order models by; what is shown stays the figure with its interval. */
export interface RankingQuality {
  /** Index points; 0 where nothing at all is known. */
  readonly points: number
  /** False without published scores: such a model is never named best. */
  readonly scored: boolean
}

/**
 * The index where several independent scores carry it. A single score, or the developer's own figures alone, count with
 * the lower end of their interval, so that a lucky number cannot win; without scores, the lower end of similar models.
 */
export function rankingQuality(model: Model, useCase: UseCase, table: QualityTable): RankingQuality {
  const figure = qualityOf(model, useCase, table)
  if (!isKnown(figure)) return { points: similarRange(model, table)?.low ?? 0, scored: false }
  const basis = qualityRecord(model.id, table)?.basis
  const thin = basis === 'one-score' || basis === 'developer-only'
  return { points: thin ? (figure.low ?? figure.value) : figure.value, scored: true }
}

/**
 * Share of the original's quality that is left when N % of next tokens agree. Averages of ten tasks on published GGUF
 * files keep 99.3 to 100.3 % at Q4_K_M (6 to 7 % disagree), 96.6 to 99.4 % at Q3_K_M (11 %), 88 to 97 % at Q2_K_S
 * (21 %): a loss of 2.2 times the squared disagreement is the lower edge of all three.
 */
export function qualityLeft(agreementPercent: number): number {
  const disagreement = 1 - agreementPercent / 100
  return Math.max(0, 1 - 2.2 * disagreement ** 2)
}
