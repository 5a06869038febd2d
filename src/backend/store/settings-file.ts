import path from 'node:path'
import { DEFAULT_SETTINGS, settingsSchema, type Settings, type SettingsChange } from '#contract/settings.ts'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'

/** What a face remembers between starts, in the user's folder. */
export interface SettingsFile {
  read(): Promise<Settings>
  /** Changes the given parts and answers all settings. */
  change(change: SettingsChange): Promise<Settings>
}

/** The settings of this user. Changes wait for one another, so that none of two at once is lost. */
export function settingsFile(userFolder: string): SettingsFile {
  const file = path.join(userFolder, 'settings.json')
  let last: Promise<unknown> = Promise.resolve()
  const read = async () => parseSettings(await readJsonFile(file))
  const change = async (parts: SettingsChange) => {
    const settings = { ...(await read()), ...given(parts) }
    await writeJsonFile(file, settings)
    return settings
  }
  return {
    read,
    change(parts) {
      const changed = last.then(() => change(parts))
      last = changed.catch(() => undefined)
      return changed
    },
  }
}

/** Parts that are there and right; what an older or a hand-edited file has wrong falls back to its default. */
function parseSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return DEFAULT_SETTINGS
  const { shape } = settingsSchema
  const part = <Name extends keyof Settings>(name: Name): Settings[Name] => {
    const checked = shape[name].safeParse((stored as Record<string, unknown>)[name])
    return checked.success ? (checked.data as Settings[Name]) : DEFAULT_SETTINGS[name]
  }
  return {
    needs: part('needs'),
    whatIf: part('whatIf'),
    theme: part('theme'),
    speedOfferDismissed: part('speedOfferDismissed'),
    libraryFolders: part('libraryFolders'),
    downloads: part('downloads'),
    endpoints: part('endpoints'),
  }
}

function given(change: SettingsChange): Partial<Settings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
