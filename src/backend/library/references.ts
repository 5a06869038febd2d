import path from 'node:path'
import * as z from 'zod'
import { inTurn } from '#backend/library/in-turn.ts'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'

/** Files used where they lie, remembered in the user's folder. */
export interface References {
  list(): Promise<readonly string[]>
  add(file: string): Promise<void>
  /** False: it was not remembered. */
  remove(file: string): Promise<boolean>
}

const MAX_REFERENCES = 10_000
const storedSchema = z.object({
  format: z.literal('inhouse/library-references/1'),
  files: z.array(z.string().min(1).max(4096)).max(MAX_REFERENCES),
})

/** The references of a user's folder; a damaged file is as good as none. */
export function openReferences(userFolder: string): References {
  const file = path.join(userFolder, 'library-references.json')
  const list = async () => {
    const stored = storedSchema.safeParse(await readJsonFile(file))
    return stored.success ? stored.data.files : []
  }
  const write = (files: readonly string[]) =>
    writeJsonFile(file, { format: 'inhouse/library-references/1', files: files.slice(-MAX_REFERENCES) })
  const turns = inTurn()
  return {
    list,
    add: (added) =>
      turns(async () => {
        const files = await list()
        if (!files.includes(added)) await write([...files, added])
      }),
    remove: (removed) =>
      turns(async () => {
        const files = await list()
        if (!files.includes(removed)) return false
        await write(files.filter((one) => one !== removed))
        return true
      }),
  }
}
