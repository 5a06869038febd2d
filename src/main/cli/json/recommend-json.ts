import type { Advice, Recommendation } from '#core/advise/recommendation.ts'
import { machineJson } from './machine-json.ts'
import { planJson } from './plan-json.ts'

/** What a recommendation and a plan asked for by name have in common. */
export function plannedJson({ model, plan, quality, agreement, reasons, improvements }: Recommendation) {
  return {
    model: { id: model.id, name: model.name, license: model.license },
    ...planJson(plan),
    quality,
    agreement,
    reasons,
    improvements,
  }
}

function recommendationJson(recommendation: Recommendation) {
  const { roles, score, onParetoFront } = recommendation
  return { ...plannedJson(recommendation), roles, score, onParetoFront }
}

/** `recommend --json`. */
export function recommendJson(advice: Advice) {
  return {
    machine: machineJson(advice.machine),
    needs: advice.needs,
    verdict: advice.verdict,
    recommendations: advice.recommendations.map(recommendationJson),
    considered: advice.considered,
    rejected: advice.rejected,
    wouldChange: advice.wouldChange.map(({ text }) => text),
  }
}
