import { useEffect, useState } from 'react'
import type { RepositoryFiles, RepositoryWish } from '#contract/library.ts'
import { isFailureCode, toFailure, type Failure } from '../../../api/failure.ts'
import { useStores } from '../../../app/use-stores.ts'

export type AskedRepository =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly files: RepositoryFiles }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly wantsToken: boolean }

/** What a repository offers; asked again when `turn` changes. */
export function useRepository({ repository, revision }: RepositoryWish, turn: number): AskedRepository {
  const { client } = useStores()
  const asked = `${repository} ${revision ?? ''} ${turn}`
  const [answer, setAnswer] = useState<{ readonly asked: string; readonly state: AskedRepository } | null>(
    null,
  )
  useEffect(() => {
    const life = new AbortController()
    const take = (state: AskedRepository): void => {
      if (!life.signal.aborted) setAnswer({ asked, state })
    }
    client.downloads.files({ repository, revision }, { signal: life.signal }).then(
      (files) => take({ kind: 'known', files }),
      (error: unknown) =>
        take({
          kind: 'failed',
          failure: toFailure(error),
          wantsToken: isFailureCode(error, 'ACCESS_DENIED'),
        }),
    )
    return () => life.abort()
  }, [client, repository, revision, asked])
  return answer?.asked === asked ? answer.state : { kind: 'asking' }
}
