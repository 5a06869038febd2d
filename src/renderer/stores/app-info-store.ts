import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppInfo } from '#contract/answers.ts'
import type { InhouseClient } from '#contract/client.ts'

export interface AppInfoStore extends StoreApi<{ readonly info: AppInfo | null }> {
  readonly load: () => Promise<void>
}

/** What is running: versions for the status line, the folder for the user's own records. */
export function createAppInfoStore(client: InhouseClient): AppInfoStore {
  const store = createStore<{ readonly info: AppInfo | null }>(() => ({ info: null }))
  async function load(): Promise<void> {
    store.setState({ info: await client.app.info() })
  }
  return { ...store, load }
}
