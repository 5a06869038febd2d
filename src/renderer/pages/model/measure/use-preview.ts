import { useEffect, useState } from 'react'
import type { MeasurePreview, MeasureWish } from '#contract/measuring.ts'
import { toFailure } from '../../../api/failure.ts'
import type { Failure } from '../../../api/failure.ts'
import { useStores } from '../../../app/use-stores.ts'

export type PreviewState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly preview: MeasurePreview }
  | { readonly kind: 'failed'; readonly failure: Failure }

const LOADING: PreviewState = { kind: 'loading' }
/** Pause after the last change of the plan before it is asked about. */
const SETTLE_MILLISECONDS = 250

/** What a dry run will take, asked again whenever the wish changes. */
export function usePreview(wish: MeasureWish): PreviewState {
  const { client } = useStores()
  const key = JSON.stringify(wish)
  const [answer, setAnswer] = useState<{ readonly key: string; readonly state: PreviewState } | null>(null)
  useEffect(() => {
    const life = new AbortController()
    const asked = JSON.parse(key) as MeasureWish
    const timer = setTimeout(() => {
      client.measurements.preview(asked, { signal: life.signal }).then(
        (preview) => setAnswer({ key, state: { kind: 'ready', preview } }),
        (error: unknown) => {
          if (!life.signal.aborted) setAnswer({ key, state: { kind: 'failed', failure: toFailure(error) } })
        },
      )
    }, SETTLE_MILLISECONDS)
    return () => {
      clearTimeout(timer)
      life.abort()
    }
  }, [client, key])
  return answer?.key === key ? answer.state : LOADING
}
