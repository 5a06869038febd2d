import { useCallback, useMemo, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { readPlanView, writePlanView } from './plan-view.ts'
import type { PlanView } from './plan-view.ts'

export interface PlanViewControl {
  /** The address, with what a slider shows while it moves. */
  readonly view: PlanView
  readonly draft: (part: Partial<PlanView>) => void
  /** Puts a choice into the address; `quietly` without an entry of its own in the history. */
  readonly choose: (part: Partial<PlanView>, quietly?: boolean) => void
}

/** What is planned, as the address says it: back and forward walk through choices. */
export function usePlanView(): PlanViewControl {
  const search = useSearch()
  const [path, navigate] = useLocation()
  const [moved, setMoved] = useState<{ readonly search: string; readonly part: Partial<PlanView> } | null>(
    null,
  )
  const inAddress = useMemo(() => readPlanView(search), [search])
  // A draft belongs to the address it was made over: back and forward drop it.
  const view = moved === null || moved.search !== search ? inAddress : { ...inAddress, ...moved.part }

  const choose = useCallback(
    (part: Partial<PlanView>, quietly = false) => {
      const query = writePlanView({ ...inAddress, ...part }, search)
      if (query === new URLSearchParams(search).toString()) return
      navigate(query === '' ? path : `${path}?${query}`, { replace: quietly })
    },
    [inAddress, search, path, navigate],
  )
  const draft = useCallback((part: Partial<PlanView>) => setMoved({ search, part }), [search])
  return { view, draft, choose }
}
