import { readdir, realpath, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { shardPaths } from '#backend/library/header/shards.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** True where a path lies in a folder, links followed: what a link in it leads to does not. */
export async function isInside(file: string, folder: string): Promise<boolean> {
  const realFolder = await realpath(folder).catch(() => null)
  const realParent = await realpath(path.dirname(file)).catch(() => null)
  if (realFolder === null || realParent === null) return false
  const below = path.relative(realFolder, path.join(realParent, path.basename(file)))
  return below !== '' && !path.isAbsolute(below) && below.split(path.sep)[0] !== '..'
}

/** Deletes a model of the app's own folder with all its shards, and folders that it leaves empty. */
export async function removeOwnFile(file: string, ownFolder: string): Promise<void> {
  if (!/\.gguf$/i.test(file) || !(await isInside(file, ownFolder))) throw refused(file, ownFolder)
  try {
    for (const shard of shardPaths(file)) await rm(shard, { force: true })
    await removeEmptyFolders(path.dirname(file), ownFolder)
  } catch (error) {
    throw new InhouseError({
      code: 'STORE_UNWRITABLE',
      message: `${file} cannot be deleted (${error instanceof Error ? error.message : String(error)}).`,
      nextStep: 'Close what uses the model, and make its folder writable.',
      cause: error,
    })
  }
}

async function removeEmptyFolders(folder: string, ownFolder: string): Promise<void> {
  let at = folder
  while (await isInside(at, ownFolder)) {
    if ((await readdir(at)).length > 0) return
    await rmdir(at)
    at = path.dirname(at)
  }
}

function refused(file: string, ownFolder: string): InhouseError {
  return new InhouseError({
    code: 'BAD_USAGE',
    message: `${file} does not lie in the app's own folder, ${ownFolder}, so it is not deleted.`,
    nextStep: 'Delete it with the program it belongs to.',
  })
}
