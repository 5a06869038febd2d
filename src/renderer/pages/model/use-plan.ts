import { useDeferredValue, useMemo } from 'react'
import { evaluateRecommendation, planRequestOf } from '#core/advise/evaluate-recommendation.ts'
import type { Recommendation } from '#core/advise/recommendation.ts'
import { planLadder } from '#core/plan/plan-ladder.ts'
import type { LadderCell } from '#core/plan/plan-ladder.ts'
import { CONTEXT_STEPS } from '../../frame/need-steps.ts'
import type { PlanView } from './plan-view.ts'
import { recommendationInput } from './recommendation-input.ts'
import type { PlanSubject } from './recommendation-input.ts'

/** The plan for what the address and the sliders say, in the frame they say it. */
export function usePlan(subject: PlanSubject, view: PlanView): Recommendation {
  return useMemo(() => evaluateRecommendation(recommendationInput(subject, view)), [subject, view])
}

export interface Ladder {
  readonly cells: readonly LadderCell[]
  readonly users: number
  /** The cell that is planned with. */
  readonly chosen: { readonly quantizationId: string; readonly contextTokens: number }
}

/** The plan at every quantization its engine runs and every usual context; follows a moving slider a moment later. */
export function useLadder(subject: PlanSubject, view: PlanView): Ladder {
  const settled = useDeferredValue(view)
  return useMemo(() => {
    const request = planRequestOf(recommendationInput(subject, settled))
    const { contextTokens, users, engine } = request
    const quantizations = subject.quantizations
      .filter(({ engines }) => engines.includes(engine))
      .toSorted((a, b) => b.nominalBitsPerWeight - a.nominalBitsPerWeight)
    const contexts = [...new Set([...CONTEXT_STEPS, contextTokens])].toSorted((a, b) => a - b)
    return {
      cells: planLadder(request, quantizations, contexts, subject.catalogue.speedModel),
      users,
      chosen: { quantizationId: request.quantization.id, contextTokens },
    }
  }, [subject, settled])
}
