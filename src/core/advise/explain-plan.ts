import type { UseCase } from '#core/advise/needs.ts'
import {
  formatContext,
  formatFigure,
  formatFigureValue,
  formatMemory,
  formatSpeed,
} from '#core/figure/format-figure.ts'
import { isKnown, type Figure, type MaybeFigure } from '#core/figure/figure.ts'
import { GENERAL_INDEX_WORDS } from '#core/quality/quality.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanRemarks } from '#core/advise/recommendation.ts'
import type { PlanEvaluation, PoolUse } from '#core/plan/plan.ts'

/** What the reasons of one plan are made of. */
export interface ExplainedPlan {
  readonly machine: Machine
  readonly model: Model
  readonly plan: PlanEvaluation
  readonly useCase: UseCase
  readonly quality: MaybeFigure
  /** Where similar models stand, for a model without published scores. */
  readonly similar: Figure | null
  readonly agreement: MaybeFigure
}

/** 250 words a minute at 1.3 tokens a word. */
const READING_TOKENS_PER_SECOND = 5.4

/** Why to believe a plan: what it takes, how fast it is, how good it is; three plain sentences with its own numbers. */
export function explainPlan(explained: ExplainedPlan): readonly string[] {
  return [memorySentence(explained), speedSentence(explained), qualitySentence(explained)]
}

/** What the sentences of `explainPlan` say beyond the figures, for a face that shows the figures themselves. */
export function remarksOn(explained: ExplainedPlan): PlanRemarks {
  return {
    memory: placeRemark(explained),
    speed: speedRemark(explained),
    quality: qualityRemark(explained),
  }
}

function placeRemark({ machine, plan }: ExplainedPlan): string | null {
  if (plan.fit === 'no') return null
  const { gpuLayers, totalLayers, mode } = plan.placement
  const device = deviceWords(machine, plan)
  switch (mode) {
    case 'gpu':
      return `All of it on the ${device}`
    case 'multi-gpu':
      return `Split over ${device}`
    case 'unified':
      return 'In unified memory'
    case 'experts-in-ram':
      return `Attention on the ${device}, experts in RAM`
    case 'partial':
      return `${gpuLayers} of ${totalLayers} layers on the ${device}, the others in RAM, which slows it`
    case 'cpu':
      return 'In RAM, on the CPU'
  }
}

function memorySentence({ machine, plan }: ExplainedPlan): string {
  const { gpuLayers, totalLayers, mode } = plan.placement
  const context = `with ${formatContext(plan.contextTokens)} tokens of context${plan.users > 1 ? ` for each of ${plan.users} users` : ''}`
  if (plan.fit === 'no') return `Does not fit ${context}: ${formatMemory(plan.missingBytes)} are lacking.`
  const lead = plan.fit === 'tight' ? 'Only just fits: takes' : 'Takes'
  const place = memoryWords(machine, plan)
  switch (mode) {
    case 'gpu':
    case 'multi-gpu':
    case 'unified':
      return `${lead} ${place} ${context}.`
    case 'experts-in-ram':
      return `${lead} ${place} ${context}: its experts lie in RAM.`
    case 'partial':
      return `${lead} ${place} ${context}: ${gpuLayers} of ${totalLayers} layers lie on the card, the others in RAM, which slows it.`
    case 'cpu':
      return `${lead} ${place} ${context} and runs on the CPU.`
  }
}

/** "19.2 of 22.9 GiB usable on the RTX 4090"; RAM is named beside it only where layers or experts lie there. */
export function memoryWords(machine: Machine, plan: PlanEvaluation): string {
  const onDevice = plan.pools.filter((pool) => pool.pool !== 'ram')
  const inRam = plan.pools.filter((pool) => pool.pool === 'ram')
  const { mode } = plan.placement
  if (mode === 'unified') return `${shareWords(plan.pools)} unified memory`
  if (onDevice.length === 0) return `${shareWords(inRam)} RAM`
  const article = onDevice.length > 1 ? '' : 'the '
  const device = `${shareWords(onDevice)} on ${article}${deviceWords(machine, plan)}`
  const needsRam = mode === 'experts-in-ram' || mode === 'partial'
  return needsRam && inRam.length > 0 ? `${device} and ${shareWords(inRam)} RAM` : device
}

/** "19.2 of 22.9 GiB usable". */
function shareWords(pools: readonly PoolUse[]): string {
  const budget = pools.reduce((sum, pool) => sum + pool.memory.budget.value, 0)
  const total = pools.reduce((sum, pool) => sum + pool.memory.total.value, 0)
  return `${formatMemory(total).replace(' GiB', '')} of ${formatMemory(budget)} usable`
}

/** "RTX 4090", "2 × RTX 3090", "RTX 4090 and RTX 3060". */
function deviceWords(machine: Machine, plan: PlanEvaluation): string {
  const names = plan.placement.acceleratorIndices.map((index) => shortName(machine.accelerators[index]?.name))
  const counts = [...new Set(names)].map((name) => {
    const count = names.filter((each) => each === name).length
    return count > 1 ? `${count} × ${name}` : name
  })
  return counts.length === 0 ? 'CPU' : counts.join(' and ')
}

/** "NVIDIA GeForce RTX 4090" is an RTX 4090 to everybody. */
function shortName(name: string | undefined): string {
  return (name ?? 'accelerator').replace(/^(NVIDIA (GeForce )?|AMD )(?=\S)/, '')
}

function speedSentence({ model, plan, useCase }: ExplainedPlan): string {
  if (useCase === 'embedding') {
    return isKnown(plan.prefill)
      ? `Reads ${formatFigure(plan.prefill)}.`
      : `Its speed here is not known: ${plan.prefill.reason}.`
  }
  const { decode } = plan
  if (!isKnown(decode)) return `Its speed here is not known: ${decode.reason}.`
  return `Writes ${formatFigure(decode)}, ${paceWords(decode.value, { model, plan })}.`
}

function speedRemark({ model, plan, useCase }: ExplainedPlan): string | null {
  if (useCase === 'embedding' || !isKnown(plan.decode)) return null
  return capitalize(paceWords(plan.decode.value, { model, plan }))
}

/** "about as fast as people read, 3.1 tok/s each when 4 users write at once; it thinks before it answers". */
function paceWords(tokensPerSecond: number, { model, plan }: Pick<ExplainedPlan, 'model' | 'plan'>): string {
  const { throughput, users } = plan
  const pace =
    tokensPerSecond >= 2 * READING_TOKENS_PER_SECOND
      ? 'faster than people read'
      : tokensPerSecond >= 0.75 * READING_TOKENS_PER_SECOND
        ? 'about as fast as people read'
        : 'slower than people read'
  const thinks = model.kind === 'reasoning' ? '; it thinks before it answers' : ''
  const shared =
    users > 1 && isKnown(throughput)
      ? `, ${formatSpeed(throughput.value / users)} tok/s each when ${users} users write at once`
      : ''
  return `${pace}${shared}${thinks}`
}

function qualitySentence({ plan, quality, similar, agreement, useCase }: ExplainedPlan): string {
  const loss = isKnown(agreement)
    ? `${plan.quantizationId} agrees with the original on the next token ${formatFigureValue(agreement)} of the time`
    : `the loss of ${plan.quantizationId} is not known (${agreement.reason})`
  if (!isKnown(quality)) {
    const beside = similar === null ? '' : ` (similar models: ${formatFigure(similar)})`
    return `${capitalize(quality.reason)}${beside}; ${loss}.`
  }
  const kind = isGeneral(quality) ? 'General quality' : `Quality for ${USE_CASE_WORDS[useCase]}`
  return `${kind} ${formatFigure(quality)} of 100 from ${scoresWords(quality)}; ${loss}.`
}

function qualityRemark({ quality, similar, useCase }: ExplainedPlan): string | null {
  if (!isKnown(quality)) return similar === null ? null : `Similar models: ${formatFigure(similar)}`
  const kind = isGeneral(quality) ? 'In general' : `For ${USE_CASE_WORDS[useCase]}`
  return `${kind}, from ${scoresWords(quality)}`
}

function isGeneral(quality: Figure): boolean {
  return quality.source.includes(GENERAL_INDEX_WORDS)
}

const USE_CASE_WORDS: Readonly<Record<UseCase, string>> = {
  chat: 'chat',
  code: 'code',
  reasoning: 'reasoning',
  documents: 'documents',
  vision: 'images',
  embedding: 'embedding',
}

/** The first part of the source says what the index rests on. */
function scoresWords(quality: Figure): string {
  return quality.source.split(';')[0] ?? quality.source
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
