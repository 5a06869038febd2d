import { useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import { MODELS_PATH } from '../../app/routes.ts'
import { readModelsView, writeModelsView } from './models-view.ts'
import type { ModelsView } from './models-view.ts'

/** The view in the address and the way to change it; typing does not fill the history. */
export function useModelsView(): readonly [ModelsView, (view: ModelsView) => void] {
  const search = useSearch()
  const [, navigate] = useLocation()
  const view = useMemo(() => readModelsView(search), [search])
  function show(next: ModelsView): void {
    const query = writeModelsView(next, search)
    const replace = next.filters.search !== view.filters.search
    navigate(query === '' ? MODELS_PATH : `${MODELS_PATH}?${query}`, { replace })
  }
  return [view, show]
}
