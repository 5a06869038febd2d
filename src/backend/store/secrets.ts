import type { Endpoint, SecretName, SecretState } from '#contract/endpoints.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Keys of endpoints and the hub's token. A secret leaves it only towards the server it is for. */
export interface SecretStore {
  /** Null: it can keep them; else why not, and what to do instead. Settled once `state` has answered. */
  readonly cannotStore: string | null
  get(name: SecretName): Promise<string | null>
  state(name: SecretName): Promise<SecretState>
  set(name: SecretName, value: string): Promise<void>
  /** What the environment holds stays there. */
  remove(name: SecretName): Promise<void>
}

/** Identifiers of endpoints that a command line names by their address: they stand in no settings. */
export const COMMAND_LINE_ENDPOINT = 'command-line'
export const COMPARED_ENDPOINT = 'command-line-against'

/** Their keys, because nobody gave them a name to look under; one each, so that no key goes to the other server. */
const COMMAND_LINE_VARIABLES: ReadonlyMap<string, string> = new Map([
  [COMMAND_LINE_ENDPOINT, 'INHOUSE_API_KEY'],
  [COMPARED_ENDPOINT, 'INHOUSE_AGAINST_API_KEY'],
])

/** As Hugging Face's own tools look for it, the newer name first. */
const HUB_VARIABLES = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'] as const

/** Where these providers' own libraries look for a key. */
const PROVIDER_VARIABLES: ReadonlyMap<string, string> = new Map([
  ['api.openai.com', 'OPENAI_API_KEY'],
  ['api.anthropic.com', 'ANTHROPIC_API_KEY'],
  ['generativelanguage.googleapis.com', 'GEMINI_API_KEY'],
  ['api.mistral.ai', 'MISTRAL_API_KEY'],
  ['api.deepseek.com', 'DEEPSEEK_API_KEY'],
  ['api.groq.com', 'GROQ_API_KEY'],
  ['api.together.xyz', 'TOGETHER_API_KEY'],
  ['openrouter.ai', 'OPENROUTER_API_KEY'],
  ['api.x.ai', 'XAI_API_KEY'],
])

/** Secrets of hosts without a key store: read from the environment, kept nowhere. */
export function environmentSecrets(
  environment: NodeJS.ProcessEnv,
  endpointOf: (id: string) => Promise<Endpoint | undefined>,
): SecretStore {
  const found = async (name: SecretName) => {
    const variables = await variablesOf(name, endpointOf)
    const variable = variables.find((candidate) => (environment[candidate]?.trim() ?? '') !== '')
    return { variable: variable ?? variables[0] ?? null, value: environment[variable ?? '']?.trim() ?? null }
  }
  return {
    cannotStore:
      'Only the desktop app can keep keys; here they come from environment variables of the process that was started.',
    get: async (name) => (await found(name)).value,
    async state(name) {
      const { value, variable } = await found(name)
      return value === null || variable === null
        ? { kind: 'missing', variable }
        : { kind: 'environment', variable }
    },
    async set(name) {
      const [variable] = await variablesOf(name, endpointOf)
      throw new InhouseError({
        code: 'CANNOT_STORE_SECRET',
        message: 'Only the desktop app can keep keys; here nothing would protect them.',
        nextStep: `Set ${variable ?? 'an environment variable'} to the key, and start Inhouse again.`,
      })
    },
    remove: () => Promise.resolve(),
  }
}

async function variablesOf(
  name: SecretName,
  endpointOf: (id: string) => Promise<Endpoint | undefined>,
): Promise<readonly string[]> {
  if (name === 'hugging-face') return HUB_VARIABLES
  const id = name.slice('endpoint:'.length)
  const endpoint = await endpointOf(id)
  if (endpoint === undefined) return []
  if (endpoint.keyVariable !== null) return [endpoint.keyVariable]
  const { hostname, protocol } = new URL(endpoint.url)
  // A key that its provider's name promises goes to the provider only.
  const providers = protocol === 'https:' ? PROVIDER_VARIABLES.get(hostname) : undefined
  const own = COMMAND_LINE_VARIABLES.get(id) ?? `INHOUSE_KEY_${id.toUpperCase().replaceAll('-', '_')}`
  return providers === undefined ? [own] : [own, providers]
}
