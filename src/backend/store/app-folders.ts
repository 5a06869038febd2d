import path from 'node:path'
import envPaths from 'env-paths'
import { packageRoot } from '#backend/store/package-root.ts'

/** Where Inhouse reads what it ships and keeps what it remembers. */
export interface AppFolders {
  /** Root of the package. */
  readonly root: string
  /** The shipped catalogue. */
  readonly dataFolder: string
  /** The built page. */
  readonly rendererFolder: string
  /** The user's own: last scan, settings, own models and accelerators. Made when something is first written. */
  readonly userFolder: string
}

/** The folders of this process; `INHOUSE_DATA_DIR` moves the user's own (portable use, tests). */
export function appFolders(environment: NodeJS.ProcessEnv = process.env): AppFolders {
  const root = packageRoot()
  return {
    root,
    dataFolder: path.join(root, 'data'),
    rendererFolder: path.join(root, 'out', 'renderer'),
    userFolder: path.resolve(environment['INHOUSE_DATA_DIR'] || envPaths('inhouse', { suffix: '' }).data),
  }
}
