import { useCallback, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { AskablePlan } from '../../app/askable-plan.ts'
import { useStores } from '../../app/use-stores.ts'
import type { Failure } from '../../api/failure.ts'

/** Pause after the last change before the allocator is asked again: a moving slider asks once, where it stops. */
const SETTLE_MILLISECONDS = 250

export type ExactCheckState =
  | { readonly kind: 'estimated' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'exact'; readonly release: string; readonly seconds: number }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface ExactCheck {
  readonly state: ExactCheckState
  readonly check: () => void
}

/** Asks llama.cpp's allocator about a plan; once asked on this page, every later plan is asked about by itself. */
export function useExactCheck(plan: AskablePlan): ExactCheck {
  const { simulations } = useStores()
  const simulation = useStore(simulations, (state) => state.known.get(plan.key))
  // The Verdict page may have asked about it already: then this page goes on asking.
  const [asked, setAsked] = useState(simulation !== undefined)
  const [failed, setFailed] = useState<{ readonly key: string; readonly failure: Failure } | null>(null)
  const ask = useCallback(
    async (signal?: AbortSignal) => {
      setFailed(null)
      const failure = await simulations.ask(plan.key, plan.wish, signal)
      if (failure !== null) setFailed({ key: plan.key, failure })
    },
    [simulations, plan],
  )
  const due = asked && plan.refused === null && simulation === undefined && failed?.key !== plan.key

  useEffect(() => {
    if (!due) return undefined
    const life = new AbortController()
    const timer = setTimeout(() => void ask(life.signal), SETTLE_MILLISECONDS)
    return () => {
      clearTimeout(timer)
      life.abort()
    }
  }, [due, ask])

  function check(): void {
    setAsked(true)
    setFailed(null)
  }

  return { check, state: stateOf() }

  function stateOf(): ExactCheckState {
    if (plan.refused !== null) return { kind: 'estimated' }
    if (simulation !== undefined) {
      return { kind: 'exact', release: simulation.engineRelease, seconds: simulation.seconds }
    }
    if (failed !== null && failed.key === plan.key) return { kind: 'failed', failure: failed.failure }
    return { kind: due ? 'checking' : 'estimated' }
  }
}
