import { useDeferredValue, useMemo } from 'react'
import { useStore } from 'zustand'
import { describeRecommendation, planRequestOf } from '#core/advise/evaluate-recommendation.ts'
import type { Recommendation } from '#core/advise/recommendation.ts'
import { planLadder } from '#core/plan/plan-ladder.ts'
import type { LadderCell } from '#core/plan/plan-ladder.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import { askablePlan, exactNumbers } from '../../app/askable-plan.ts'
import type { AskablePlan } from '../../app/askable-plan.ts'
import { useStores } from '../../app/use-stores.ts'
import { CONTEXT_STEPS } from '../../frame/need-steps.ts'
import type { PlanView } from './plan-view.ts'
import { recommendationInput } from './recommendation-input.ts'
import type { PlanSubject } from './recommendation-input.ts'

export interface ShownPlan {
  /** Exact where the allocator was asked about it. */
  readonly recommendation: Recommendation
  /** How the backend is asked about it. */
  readonly askable: AskablePlan
}

/** The plan for what the address and the sliders say, in the frame they say it. */
export function usePlan(subject: PlanSubject, view: PlanView): ShownPlan {
  const known = useStore(useStores().simulations, (state) => state.known)
  return useMemo(() => {
    const { needs, catalogue } = subject
    const request = planRequestOf(recommendationInput(subject, view))
    const numbers = planNumbers(request, catalogue.speedModel)
    const askable = askablePlan(request, numbers)
    const exact = exactNumbers(numbers, askable, known)
    return { recommendation: describeRecommendation(request, exact, { needs, catalogue }), askable }
  }, [subject, view, known])
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
