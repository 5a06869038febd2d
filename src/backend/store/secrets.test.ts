import { expect, it } from 'vitest'
import { environmentSecrets } from '#backend/store/secrets.ts'
import type { Endpoint } from '#contract/endpoints.ts'

function endpoint(changes: Partial<Endpoint>): Endpoint {
  return {
    id: 'my-gpu',
    name: 'My GPU',
    url: 'http://127.0.0.1:11434/v1',
    keyVariable: null,
    usdPerMillionInputTokens: null,
    usdPerMillionOutputTokens: null,
    ...changes,
  }
}

const secretsOf = (environment: NodeJS.ProcessEnv, changes: Partial<Endpoint> = {}) =>
  environmentSecrets(environment, async (id) => (id === 'my-gpu' ? endpoint(changes) : undefined))

it('finds the token of the hub under either name', async () => {
  expect(await secretsOf({ HUGGING_FACE_HUB_TOKEN: 'old', HF_TOKEN: 'new' }).get('hugging-face')).toBe('new')
  const older = secretsOf({ HUGGING_FACE_HUB_TOKEN: ' old\n', HF_TOKEN: ' ' })
  expect(await older.get('hugging-face')).toBe('old')
  expect(await older.state('hugging-face')).toEqual({
    kind: 'environment',
    variable: 'HUGGING_FACE_HUB_TOKEN',
  })
  expect(await secretsOf({}).state('hugging-face')).toEqual({ kind: 'missing', variable: 'HF_TOKEN' })
})

it.each([
  [{ keyVariable: 'MY_KEY' }, { MY_KEY: 'a', INHOUSE_KEY_MY_GPU: 'b' }, 'a'],
  [{ keyVariable: 'MY_KEY' }, { INHOUSE_KEY_MY_GPU: 'b' }, null],
  [{}, { INHOUSE_KEY_MY_GPU: 'b', OPENAI_API_KEY: 'c' }, 'b'],
  [{ url: 'https://api.openai.com/v1' }, { OPENAI_API_KEY: 'c' }, 'c'],
  [{ url: 'https://api.openai.com/v1' }, { INHOUSE_KEY_MY_GPU: 'b', OPENAI_API_KEY: 'c' }, 'b'],
  [{ url: 'https://api.openai.com.example/v1' }, { OPENAI_API_KEY: 'c' }, null],
  [{ url: 'http://api.openai.com/v1' }, { OPENAI_API_KEY: 'c' }, null],
])('an endpoint %j with %j has the key %j', async (changes, environment, key) => {
  expect(await secretsOf(environment, changes).get('endpoint:my-gpu')).toBe(key)
})

it('finds the key of an endpoint that the command line names', async () => {
  const secrets = environmentSecrets({ INHOUSE_API_KEY: 'a', INHOUSE_KEY_COMMAND_LINE: 'b' }, async (id) =>
    endpoint({ id }),
  )
  expect(await secrets.get('endpoint:command-line')).toBe('a')
})

it('knows nothing of an endpoint that is not there', async () => {
  const secrets = secretsOf({ INHOUSE_KEY_OTHER: 'x' })
  expect(await secrets.get('endpoint:other')).toBeNull()
  expect(await secrets.state('endpoint:other')).toEqual({ kind: 'missing', variable: null })
})

it('cannot keep a secret, says what to do, and does not repeat it', async () => {
  const secrets = secretsOf({})
  expect(secrets.cannotStore).toContain('environment')
  const refusal = await secrets.set('endpoint:my-gpu', 'sk-very-secret').catch((error: unknown) => error)
  expect(refusal).toMatchObject({
    code: 'CANNOT_STORE_SECRET',
    nextStep: 'Set INHOUSE_KEY_MY_GPU to the key, and start Inhouse again.',
  })
  expect(String((refusal as Error).stack)).not.toContain('sk-very-secret')
})
