import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { environmentSecrets } from '#backend/store/secrets.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { keyStore, type Encryption } from './key-store.ts'

let userFolder: string
beforeEach(async () => {
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-key-store-'))
})
afterEach(() => rm(userFolder, { recursive: true }))

const KEY = 'sk-very-secret'
const file = () => path.join(userFolder, 'secrets.json')

interface Situation {
  readonly backend?: ReturnType<Encryption['getSelectedStorageBackend']>
  readonly available?: boolean
  /** The key that encrypts now; what an older one encrypted is to be encrypted again. */
  readonly generation?: number
  readonly environment?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
}

/** Turns every byte around, and says which generation did it. */
function standIn({ available = true, backend = 'gnome_libsecret', generation = 1 }: Situation): Encryption {
  const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff))
  return {
    encryptStringAsync: async (text) => Buffer.concat([Buffer.from([generation]), turned(Buffer.from(text))]),
    async decryptStringAsync(encrypted) {
      if (encrypted[0]! > generation)
        throw new Error(`cannot open ${turned(encrypted.subarray(1)).toString()}`)
      return {
        result: turned(encrypted.subarray(1)).toString(),
        shouldReEncrypt: encrypted[0] !== generation,
      }
    },
    isAsyncEncryptionAvailable: async () => available,
    getSelectedStorageBackend: () => backend,
  }
}

function opened(situation: Situation = {}) {
  return keyStore({
    encryption: standIn(situation),
    whenReady: async () => undefined,
    platform: situation.platform ?? 'linux',
    userFolder,
    otherwise: environmentSecrets(situation.environment ?? {}, async () => undefined),
  })
}

it('keeps a key for the next start, encrypted and for its owner only', async () => {
  await opened().set('endpoint:openai', ` ${KEY}\n`)
  expect(await opened().get('endpoint:openai')).toBe(KEY)
  expect(await opened().state('endpoint:openai')).toEqual({ kind: 'stored' })
  const text = await readFile(file(), 'utf8')
  expect(text).not.toContain(KEY)
  expect(text).not.toContain(Buffer.from(KEY).toString('base64'))
  if (process.platform !== 'win32') expect((await stat(file())).mode & 0o777).toBe(0o600)
})

it('loses none of two that are kept at once, and removes only the one', async () => {
  const store = opened()
  await Promise.all([store.set('endpoint:a', 'one'), store.set('hugging-face', 'two')])
  await store.remove('endpoint:a')
  await store.remove('endpoint:b')
  expect([await store.get('endpoint:a'), await store.get('hugging-face')]).toEqual([null, 'two'])
})

it('asks the environment for what it does not keep, and prefers what it keeps', async () => {
  const store = opened({ environment: { HF_TOKEN: 'from-environment' } })
  expect(await store.get('hugging-face')).toBe('from-environment')
  expect(await store.state('hugging-face')).toEqual({ kind: 'environment', variable: 'HF_TOKEN' })
  await store.set('hugging-face', KEY)
  expect(await store.get('hugging-face')).toBe(KEY)
})

it.each<[Situation, RegExp]>([
  [{ backend: 'basic_text' }, /no key store that protects/],
  [{ available: false }, /not available/],
  [{ available: false, platform: 'darwin', backend: 'basic_text' }, /not available/],
])('keeps nothing where nothing would protect it: %j', async (situation, words) => {
  const store = opened({ ...situation, environment: { HF_TOKEN: 'from-environment' } })
  const refusal: unknown = await store.set('hugging-face', KEY).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'CANNOT_STORE_SECRET', message: expect.stringMatching(words) })
  expect(String((refusal as Error).stack)).not.toContain(KEY)
  expect(store.cannotStore).toMatch(words)
  expect(await store.get('hugging-face')).toBe('from-environment')
  await expect(readFile(file())).rejects.toMatchObject({ code: 'ENOENT' })
})

it('is not bothered by a backend that only Linux has', async () => {
  const store = opened({ platform: 'win32', backend: 'basic_text' })
  await store.set('hugging-face', KEY)
  expect([store.cannotStore, await store.get('hugging-face')]).toEqual([null, KEY])
})

it('encrypts again when the key of the system has changed', async () => {
  await opened().set('hugging-face', KEY)
  const before = await readFile(file(), 'utf8')
  expect(await opened({ generation: 2 }).get('hugging-face')).toBe(KEY)
  expect(await readFile(file(), 'utf8')).not.toBe(before)
  await expect(opened({ generation: 1 }).get('hugging-face')).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
})

it('says what to do when it cannot be opened, without what the failure says', async () => {
  await opened({ generation: 2 }).set('hugging-face', KEY)
  const error: unknown = await opened()
    .get('hugging-face')
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'ACCESS_DENIED', nextStep: 'Enter the key again.' })
  expect(error instanceof InhouseError && error.cause).toBeUndefined()
  expect(String((error as Error).stack)).not.toContain(KEY)
})

it('takes a damaged file for an empty one', async () => {
  await writeFile(file(), '{"format":"inhouse/secrets/1","secrets":{"hugging-face":7}}')
  expect(await opened().get('hugging-face')).toBeNull()
  await opened().set('hugging-face', KEY)
  expect(await opened().get('hugging-face')).toBe(KEY)
})
