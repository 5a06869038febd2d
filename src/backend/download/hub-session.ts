import path from 'node:path'
import { checkRepository, hubAddress } from '#backend/download/hub-address.ts'
import { openHub, type HubRequests } from '#backend/download/hub-requests.ts'
import type { DownloadLimits } from '#backend/download/limits.ts'
import { listRepository, type RepositoryListing } from '#backend/download/repository-listing.ts'
import { withRetries } from '#backend/download/with-retries.ts'
import type { AppFolders } from '#backend/store/app-folders.ts'
import type { SettingsFile } from '#backend/store/settings-file.ts'
import type { RepositoryWish } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** Whose settings and token, and where files go. */
export interface HubSessionOptions {
  readonly folders: Pick<AppFolders, 'userFolder'>
  readonly settings: Pick<SettingsFile, 'read'>
  /** Of the hub; null where the user has none. */
  readonly token: () => Promise<string | null>
  readonly catalogue: () => Promise<Catalogue>
  /** Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv
  readonly limits: DownloadLimits
}

/** Somebody waits for a list and sees nothing of it meanwhile: what does not pass in seconds is told. */
const MOST_LIST_RETRIES = 2
const LONGEST_LIST_WAIT_SECONDS = 5

/** Asks the hub as the settings say at that moment. */
export function hubSession({
  catalogue,
  environment = process.env,
  folders,
  limits,
  settings,
  token,
}: HubSessionOptions) {
  const folderOf = (repository: string) => path.join(folders.userFolder, 'models', ...repository.split('/'))
  return {
    /** Where the files of a repository go. */
    folderOf,
    /** Gives some work connections to the hub, and closes them after it. */
    async withHub<Result>(work: (requests: HubRequests) => Promise<Result>): Promise<Result> {
      const { downloads } = await settings.read()
      const access = { address: hubAddress(downloads), proxy: downloads.proxy, token: await token() }
      const requests = openHub(access, { limits, environment })
      try {
        return await work(requests)
      } finally {
        requests.close()
      }
    },
    /** What a repository offers now. */
    async list(requests: HubRequests, wish: RepositoryWish, signal: AbortSignal): Promise<RepositoryListing> {
      checkRepository(wish)
      const known = await catalogue()
      const folder = folderOf(wish.repository)
      const ask = () => listRepository(requests, { wish, catalogue: known, folder, signal })
      const impatient = {
        ...limits,
        retries: Math.min(limits.retries, MOST_LIST_RETRIES),
        longestWaitSeconds: Math.min(limits.longestWaitSeconds, LONGEST_LIST_WAIT_SECONDS),
      }
      return withRetries(ask, { limits: impatient, signal, onTrouble: () => undefined })
    },
  }
}
