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

/** The plan at every quantization its engine runs and every usual context; follows a moving slider a moment later. */
export function useLadder(subject: PlanSubject, view: PlanView): readonly LadderCell[] {
  const settled = useDeferredValue(view)
  return useMemo(() => {
    const request = planRequestOf(recommendationInput(subject, settled))
    const quantizations = subject.quantizations
      .filter(({ engines }) => engines.includes(request.engine))
      .toSorted((a, b) => b.nominalBitsPerWeight - a.nominalBitsPerWeight)
    const contexts = [...new Set([...CONTEXT_STEPS, request.contextTokens])].toSorted((a, b) => a - b)
    return planLadder(request, quantizations, contexts, subject.catalogue.speedModel)
  }, [subject, settled])
}
