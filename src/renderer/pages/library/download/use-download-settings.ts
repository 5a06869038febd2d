import { useEffect, useState } from 'react'
import type { DownloadSettings } from '#contract/library.ts'
import { toFailure, type Failure } from '../../../api/failure.ts'
import { useStores } from '../../../app/use-stores.ts'

export interface DownloadSettingsState {
  /** Null until they are known. */
  readonly value: DownloadSettings | null
  readonly failure: Failure | null
  /** Answers whether it worked. */
  readonly save: (settings: DownloadSettings) => Promise<boolean>
}

/** Where downloads come from, and the way to change that. */
export function useDownloadSettings(): DownloadSettingsState {
  const { client } = useStores()
  const [value, setValue] = useState<DownloadSettings | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    client.settings.get().then(
      ({ downloads }) => setValue(downloads),
      (error: unknown) => setFailure(toFailure(error)),
    )
  }, [client])
  async function save(settings: DownloadSettings): Promise<boolean> {
    try {
      const { downloads } = await client.settings.set({ downloads: settings })
      setValue(downloads)
      setFailure(null)
      return true
    } catch (error) {
      setFailure(toFailure(error))
      return false
    }
  }
  return { value, failure, save }
}
