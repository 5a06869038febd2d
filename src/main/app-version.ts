import path from 'node:path'
import type { AppFolders } from '#backend/store/app-folders.ts'
import { packageFile } from '#backend/store/package-root.ts'

/** The version in Inhouse's own package.json. */
export function appVersion(folders: AppFolders): string {
  return packageFile(path.join(folders.root, 'package.json')).version ?? 'unknown'
}
