import { listEndpointModels } from '#backend/endpoint/endpoint-model.ts'
import type { SecretStore } from '#backend/store/secrets.ts'
import type { SettingsFile } from '#backend/store/settings-file.ts'
import type { Endpoint, KnownEndpoint } from '#contract/endpoints.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** The OpenAI-compatible servers of this user. */
export interface Endpoints {
  list(): Promise<readonly KnownEndpoint[]>
  /** Adds it, or changes the one of its id. */
  save(endpoint: Endpoint): Promise<readonly KnownEndpoint[]>
  /** Its key goes with it. */
  remove(id: string): Promise<readonly KnownEndpoint[]>
  models(id: string, signal: AbortSignal | undefined): Promise<readonly string[]>
}

/** Endpoints lie in the settings, their keys in the store of secrets. */
export function createEndpoints(settings: SettingsFile, secrets: SecretStore): Endpoints {
  const all = async () => (await settings.read()).endpoints
  const list = async () =>
    Promise.all(
      (await all()).map(async (endpoint) => ({
        endpoint,
        key: await secrets.state(`endpoint:${endpoint.id}`),
      })),
    )
  return {
    list,
    async save(endpoint) {
      const known = await all()
      const before = known.find(({ id }) => id === endpoint.id)
      // A key belongs to the server it was given for: it must not follow the address to another one.
      if (before !== undefined && new URL(before.url).origin !== new URL(endpoint.url).origin) {
        await secrets.remove(`endpoint:${endpoint.id}`)
      }
      await settings.change({ endpoints: [...known.filter(({ id }) => id !== endpoint.id), endpoint] })
      return list()
    },
    async remove(id) {
      await settings.change({ endpoints: (await all()).filter((endpoint) => endpoint.id !== id) })
      await secrets.remove(`endpoint:${id}`)
      return list()
    },
    async models(id, signal) {
      const endpoint = (await all()).find((known) => known.id === id)
      if (endpoint === undefined) throw unknownEndpoint(id)
      return listEndpointModels({ endpoint, key: () => secrets.get(`endpoint:${id}`) }, signal)
    },
  }
}

function unknownEndpoint(id: string): InhouseError {
  return new InhouseError({
    code: 'UNKNOWN_ENDPOINT',
    message: `There is no endpoint "${id}".`,
    nextStep: 'Choose another, or add it again.',
  })
}
