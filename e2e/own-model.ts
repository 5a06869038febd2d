import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const SHIPPED_MODELS = path.resolve(import.meta.dirname, '../data/models.json')

/** A model's name that would run if anything put it into a page as markup. */
export const HOSTILE_NAME = 'Evil <img src=x onerror="document.title=\'run\'"> 8B'

/** Writes a model of the user's own, the first shipped one under another id and a hostile name. */
export async function writeHostileModel(dataFolder: string, id: string): Promise<void> {
  const { records } = JSON.parse(await readFile(SHIPPED_MODELS, 'utf8')) as { records: object[] }
  const model = { ...records[0], id, name: HOSTILE_NAME, kind: 'chat', note: HOSTILE_NAME }
  await writeFile(path.join(dataFolder, 'models.json'), JSON.stringify([model]))
}
