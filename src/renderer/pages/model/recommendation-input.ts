import type { RecommendationInput } from '#core/advise/evaluate-recommendation.ts'
import type { Needs } from '#core/advise/needs.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import type { PlanView } from './plan-view.ts'

/** What a model page plans with, beside what its address says. */
export interface PlanSubject {
  readonly model: Model
  readonly machine: Machine
  readonly needs: Needs
  readonly catalogue: Catalogue
  /** What is planned while the address names no quantization. */
  readonly standard: Quantization
  readonly quantizations: readonly Quantization[]
}

/** What the core is asked: the address where it says something, else the needs and the best plan. */
export function recommendationInput(subject: PlanSubject, view: PlanView): RecommendationInput {
  const { model, machine, needs, catalogue, standard, quantizations } = subject
  const { contextTokens: longest, layers } = model.architecture
  return {
    machine,
    model,
    catalogue,
    quantization: quantizations.find(({ id }) => id === view.quantizationId) ?? standard,
    needs: {
      ...needs,
      contextTokens: Math.min(view.contextTokens ?? needs.contextTokens, longest),
      users: view.users ?? needs.users,
    },
    kvType: view.kvType,
    gpuLayers: view.gpuLayers === 'auto' ? 'auto' : Math.min(view.gpuLayers, layers + 1),
    flashAttention: view.flashAttention,
  }
}
