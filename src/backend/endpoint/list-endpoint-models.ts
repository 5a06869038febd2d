import * as z from 'zod'
import {
  askEndpoint,
  parseJson,
  saidIn,
  textOf,
  type EndpointAccess,
} from '#backend/endpoint/ask-endpoint.ts'
import { statusError, unexpectedAnswer } from '#backend/endpoint/endpoint-error.ts'

const PATIENCE = { firstSeconds: 20, nextSeconds: 20 } as const
/** The largest public providers list some hundred models in less than 1 MiB. */
const MAX_BYTES = 8 * 1024 * 1024
const MAX_MODELS = 5000

/** Ollama without a model answers `null`. */
const listSchema = z.object({ data: z.array(z.object({ id: z.string() })).nullable() })
/** An identifier that can be shown and asked for; others are left out. */
// oxlint-disable-next-line no-control-regex -- keeping them out is the point
const USABLE = /^[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]{1,300}$/

/** Which models an endpoint has, in the order of their names. */
export async function listEndpointModels(
  access: EndpointAccess & { readonly patience?: typeof PATIENCE },
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly string[]> {
  const { patience = PATIENCE } = access
  const reply = await askEndpoint({ ...access, path: '/models', body: null, signal, patience })
  const { address, key, response } = reply
  try {
    if (!response.ok) {
      const retryAfter = response.headers.get('retry-after')
      const { status } = response
      throw statusError({ address, status, said: await saidIn(reply), retryAfter, key, model: null })
    }
    const text = await textOf(reply, MAX_BYTES, () => {
      throw unexpectedAnswer(address, 'without an end')
    })
    const list = listSchema.safeParse(parseJson(text))
    if (!list.success) {
      const isPage = response.headers.get('content-type')?.includes('html') === true
      throw unexpectedAnswer(
        address,
        isPage ? 'with a web page' : 'with something else than a list of models',
      )
    }
    const names = (list.data.data ?? []).map(({ id }) => id).filter((id) => USABLE.test(id))
    return [...new Set(names)].toSorted().slice(0, MAX_MODELS)
  } finally {
    reply.leave()
  }
}
