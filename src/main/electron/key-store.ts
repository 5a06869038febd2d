import path from 'node:path'
import type { SafeStorage } from 'electron'
import * as z from 'zod'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'
import type { SecretStore } from '#backend/store/secrets.ts'
import { secretNameSchema, type SecretName } from '#contract/endpoints.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** What of Electron encrypts with a key of the system's key store. */
export type Encryption = Pick<
  SafeStorage,
  'encryptStringAsync' | 'decryptStringAsync' | 'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend'
>

export interface KeyStoreOptions {
  readonly encryption: Encryption
  /** Electron knows its key store only then. */
  readonly whenReady: () => Promise<unknown>
  readonly platform: NodeJS.Platform
  readonly userFolder: string
  /** What the environment says, for what is not kept here. */
  readonly otherwise: SecretStore
}

const FORMAT = 'inhouse/secrets/1'
/** Encrypted values in Base64. */
const fileSchema = z.object({
  format: z.literal(FORMAT),
  secrets: z.partialRecord(secretNameSchema, z.string().max(100_000)),
})
type Kept = Partial<Record<SecretName, string>>

const NO_KEY_STORE =
  'This system has no key store that protects keys: install and unlock GNOME Keyring or KWallet, or set environment variables.'
const UNAVAILABLE =
  'The key store of this system is not available: unlock it and start Inhouse again, or set environment variables.'

/** Keys in a file of the user's folder that only this user's key store can decrypt; the environment for all others. */
export function keyStore({
  encryption,
  otherwise,
  platform,
  userFolder,
  whenReady,
}: KeyStoreOptions): SecretStore {
  const file = path.join(userFolder, 'secrets.json')
  let cannotStore: string | null = null
  const checked = whenReady().then(async () => {
    cannotStore = await missingProtection(encryption, platform)
  })
  // Whoever asks hears of a failure; until then nobody waits for it.
  checked.catch(() => undefined)
  let last: Promise<unknown> = Promise.resolve()
  /** Changes wait for one another, so that none of two at once is lost. */
  const change = (changed: (kept: Kept) => Promise<Kept> | Kept) => {
    const done = last.then(async () => {
      const secrets = await changed(await readKept(file))
      await writeJsonFile(file, { format: FORMAT, secrets })
    })
    last = done.catch(() => undefined)
    return done
  }
  const encrypted = async (value: string) => (await encryption.encryptStringAsync(value)).toString('base64')
  const keptValue = async (name: SecretName) => {
    await checked
    return cannotStore === null ? ((await readKept(file))[name] ?? null) : null
  }
  return {
    get cannotStore() {
      return cannotStore
    },
    async get(name) {
      const value = await keptValue(name)
      if (value === null) return otherwise.get(name)
      const { result, shouldReEncrypt } = await decrypted(value, encryption)
      if (shouldReEncrypt) {
        const renewed = await encrypted(result)
        await change((kept) => (kept[name] === value ? { ...kept, [name]: renewed } : kept))
      }
      return result
    },
    async state(name) {
      return (await keptValue(name)) === null ? otherwise.state(name) : { kind: 'stored' }
    },
    async set(name, value) {
      await checked
      if (cannotStore !== null) throw cannotKeep(cannotStore)
      const kept = await encrypted(value.trim())
      await change((others) => ({ ...others, [name]: kept }))
    },
    async remove(name) {
      if ((await readKept(file))[name] === undefined) return
      await change((kept) => without(kept, name))
    },
  }
}

/** On Linux without a keyring Electron encrypts with a word that everybody knows. */
async function missingProtection(encryption: Encryption, platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'linux' && encryption.getSelectedStorageBackend() === 'basic_text') return NO_KEY_STORE
  return (await encryption.isAsyncEncryptionAvailable()) ? null : UNAVAILABLE
}

/** A file that is none of ours holds nothing that could be read. */
async function readKept(file: string): Promise<Kept> {
  return fileSchema.safeParse(await readJsonFile(file)).data?.secrets ?? {}
}

function without(kept: Kept, removed: SecretName): Kept {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => name !== removed))
}

/** The failure itself is not passed on: nobody promises what stands in it. */
async function decrypted(value: string, encryption: Encryption) {
  return encryption.decryptStringAsync(Buffer.from(value, 'base64')).catch(() => {
    throw new InhouseError({
      code: 'ACCESS_DENIED',
      message: "This system's key store does not open the key that is kept here any more.",
      nextStep: 'Enter the key again.',
    })
  })
}

function cannotKeep(why: string): InhouseError {
  const [message = why, nextStep = ''] = why.split(/:\s/)
  return new InhouseError({
    code: 'CANNOT_STORE_SECRET',
    message: `${message}.`,
    nextStep: `${nextStep.charAt(0).toUpperCase()}${nextStep.slice(1)}`,
  })
}
