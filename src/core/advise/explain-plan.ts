import type { UseCase } from '#core/advise/needs.ts'
import {
  formatContext,
  formatFigure,
  formatFigureValue,
  formatMemory,
  formatSpeed,
} from '#core/figure/format-figure.ts'
import { isKnown, type Figure, type MaybeFigure } from '#core/figure/figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'

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

function memorySentence({ machine, plan }: ExplainedPlan): string {
  const { total, budget } = plan.memory
  const share = `${formatMemory(total.value)} of ${formatMemory(budget.value)} usable`
  const { gpuLayers, totalLayers, mode } = plan.placement
  const context = `with ${formatContext(plan.contextTokens)} tokens of context${plan.users > 1 ? ` for each of ${plan.users} users` : ''}`
  const device = deviceWords(machine, plan)
  if (plan.fit === 'no') return `Does not fit: ${formatMemory(plan.missingBytes)} lack ${context} (${share}).`
  const lead = plan.fit === 'tight' ? 'Only just fits: takes' : 'Takes'
  switch (mode) {
    case 'gpu':
    case 'unified':
      return `${lead} ${share} on the ${device} ${context}.`
    case 'multi-gpu':
      return `${lead} ${share}, split over ${device}, ${context}.`
    case 'experts-in-ram':
      return `${lead} ${share} ${context}: its experts lie in RAM, the rest on the ${device}.`
    case 'partial':
      return `${lead} ${share} ${context}: ${gpuLayers} of ${totalLayers} layers on the ${device}, the others in RAM, which slows it.`
    case 'cpu':
      return `${lead} ${share} of RAM ${context} and runs on the CPU.`
  }
}

/** "RTX 4090", "2 × RTX 3090", "RTX 4090 and RTX 3060". */
function deviceWords(machine: Machine, plan: PlanEvaluation): string {
  const names = plan.placement.acceleratorIndices.map(
    (index) => machine.accelerators[index]?.name ?? 'accelerator',
  )
  const counts = [...new Set(names)].map((name) => {
    const count = names.filter((each) => each === name).length
    return count > 1 ? `${count} × ${name}` : name
  })
  return counts.length === 0 ? 'CPU' : counts.join(' and ')
}

function speedSentence({ model, plan }: ExplainedPlan): string {
  const { decode, throughput, users } = plan
  if (!isKnown(decode)) return `Its speed here is not known: ${decode.reason}.`
  const pace =
    decode.value >= 2 * READING_TOKENS_PER_SECOND
      ? 'faster than people read'
      : decode.value >= 0.75 * READING_TOKENS_PER_SECOND
        ? 'about as fast as people read'
        : 'slower than people read'
  const thinks = model.kind === 'reasoning' ? '; it thinks before it answers' : ''
  const shared =
    users > 1 && isKnown(throughput)
      ? `, ${formatSpeed(throughput.value / users)} tok/s each when ${users} users write at once`
      : ''
  return `Writes ${formatFigure(decode)}, ${pace}${shared}${thinks}.`
}

function qualitySentence({ plan, quality, similar, agreement, useCase }: ExplainedPlan): string {
  const loss = isKnown(agreement)
    ? `${plan.quantizationId} agrees with the original on the next token ${formatFigureValue(agreement)} of the time`
    : `the loss of ${plan.quantizationId} is not known (${agreement.reason})`
  if (!isKnown(quality)) {
    const beside = similar === null ? '' : ` (similar models: ${formatFigure(similar)})`
    return `${capitalize(quality.reason)}${beside}; ${loss}.`
  }
  return `Quality for ${USE_CASE_WORDS[useCase]} ${formatFigure(quality)} of 100 from ${scoresWords(quality)}; ${loss}.`
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
