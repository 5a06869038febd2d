import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { planRequestOf } from '#core/advise/evaluate-recommendation.ts'
import type { Advice, Recommendation } from '#core/advise/recommendation.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import { askablePlan, exactNumbers } from '../../app/askable-plan.ts'
import type { AskablePlan } from '../../app/askable-plan.ts'
import { useCalibratedCatalogue } from '../../app/use-advice.ts'
import { useMachineState, useMeasuring, useStores } from '../../app/use-stores.ts'
import { picksOf } from './picks-of.ts'

/** The answer stands first; what is asked about it afterwards must not hold up a slider that still moves. */
const SETTLE_MILLISECONDS = 600

interface AskablePick {
  readonly pick: Recommendation
  readonly askable: AskablePlan
  readonly numbers: PlanNumbers
}

/** A pick as it is shown, and the pick of the advice it stands for. */
export interface ShownPick {
  readonly pick: Recommendation
  readonly shown: Recommendation
}

/**
 * The picks with exact memory as soon as llama.cpp's allocator has said it: they are asked about one after the other
 * when the answer stands. Where it cannot be asked the estimate stays, and nobody is told: nothing is missing.
 */
export function useExactPicks(advice: Advice): readonly ShownPick[] {
  const catalogue = useCalibratedCatalogue()
  const { simulations } = useStores()
  const known = useStore(simulations, (state) => state.known)
  const scanned = useMachineState((state) => state.scan.kind === 'finished')
  // A measurement under way would be disturbed.
  const quiet = useMeasuring((state) => state.kind !== 'running')
  const picks = useMemo(
    () => picksOf(advice).map((pick) => (catalogue === null ? null : askablePick(advice, pick, catalogue))),
    [advice, catalogue],
  )

  useEffect(() => {
    if (!scanned || !quiet) return undefined
    const life = new AbortController()
    const timer = setTimeout(() => void askAll(life.signal), SETTLE_MILLISECONDS)
    async function askAll(signal: AbortSignal): Promise<void> {
      for (const each of picks) {
        if (each === null || each.askable.refused !== null || signal.aborted) continue
        await simulations.ask(each.askable.key, each.askable.wish, signal)
      }
    }
    return () => {
      clearTimeout(timer)
      life.abort()
    }
  }, [picks, scanned, quiet, simulations])

  return useMemo(
    () =>
      picksOf(advice).map((pick, index) => ({ pick, shown: exactPick(pick, picks[index] ?? null, known) })),
    [advice, picks, known],
  )
}

function askablePick(advice: Advice, pick: Recommendation, catalogue: Catalogue): AskablePick | null {
  const { plan } = pick
  const model = catalogue.models.find(({ id }) => id === pick.model.id)
  const quantization = catalogue.quantizations.find(({ id }) => id === plan.quantizationId)
  if (model === undefined || quantization === undefined) return null
  const { machine, needs } = advice
  const { engine, kvType, contextTokens } = plan
  const request = {
    ...planRequestOf({ machine, model, quantization, needs, catalogue, engine, kvType }),
    contextTokens,
  }
  const numbers = planNumbers(request, catalogue.speedModel)
  return { pick, askable: askablePlan(request, numbers), numbers }
}

function exactPick(
  pick: Recommendation,
  plan: AskablePick | null,
  known: Parameters<typeof exactNumbers>[2],
): Recommendation {
  if (plan === null) return pick
  const { askable, numbers } = plan
  const exact = exactNumbers(numbers, askable, known)
  return exact === numbers ? pick : { ...pick, plan: describePlan(askable.request, exact) }
}
