import { createChat, type Chat } from '#backend/chat/chat.ts'
import { createLibrary } from '#backend/library/library.ts'
import { COMMAND_LINE_ENDPOINT, COMPARED_ENDPOINT, environmentSecrets } from '#backend/store/secrets.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import type { Target } from '#contract/chatting.ts'
import type { Endpoint } from '#contract/endpoints.ts'
import type { CliContext } from './cli-context.ts'
import { openSession, type Session } from './open-session.ts'
import { usageError } from './usage-error.ts'

/** What answers, as a command line names it. */
export interface TargetOptions {
  /** Address of an OpenAI-compatible server. */
  readonly endpoint?: string
  /** Its model. */
  readonly model?: string
  /** Address of a second one, to compare with. */
  readonly against?: string
}

/** The pilot where nothing is named; what is a name and no path is looked up in the library. */
export function targetOf(name: string | undefined, { endpoint, model }: TargetOptions): Target {
  if (endpoint === undefined) {
    if (model !== undefined) throw usageError('--model names a model of an endpoint.', 'Give --endpoint too.')
    return name === undefined ? { kind: 'pilot' } : { kind: 'file', path: name }
  }
  if (name !== undefined) {
    throw usageError('Either a file or an endpoint answers.', 'Leave out the file, or --endpoint.')
  }
  if (model === undefined) {
    throw usageError('An endpoint has many models.', 'Name one of them with --model.')
  }
  return { kind: 'endpoint', endpointId: COMMAND_LINE_ENDPOINT, model }
}

/** Gives a command what opens models on this machine, and ends what it opened. */
export async function withChat<Result>(
  context: CliContext,
  { against, endpoint }: TargetOptions,
  work: (chat: Chat, session: () => Promise<Session>) => Promise<Result>,
): Promise<Result> {
  const folders = { ...appFolders(), ...context }
  const settings = settingsFile(context.userFolder)
  // An endpoint needs neither the scan nor the catalogue.
  let opened: Promise<Session> | null = null
  const session = () => (opened ??= openSession({}, context))
  const endpoints = async () => {
    const { endpoints: known } = await settings.read()
    // First, so that none of the settings can take their place.
    return [
      ...(endpoint === undefined ? [] : [namedEndpoint(COMMAND_LINE_ENDPOINT, endpoint, known)]),
      ...(against === undefined ? [] : [namedEndpoint(COMPARED_ENDPOINT, against, known)]),
      ...known,
    ]
  }
  const chat = createChat({
    folders,
    situation: session,
    library: createLibrary({ folders, settings, catalogue: async () => (await session()).catalogue }),
    endpoints,
    secrets: environmentSecrets(process.env, async (id) =>
      (await endpoints()).find((known) => known.id === id),
    ),
  })
  try {
    return await work(chat, session)
  } finally {
    chat.close()
  }
}

/** With the prices and the variable of the key of the settings, where they have this very address. */
function namedEndpoint(id: string, url: string, known: readonly Endpoint[]): Endpoint {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw usageError(`"${url}" is no address of a server.`, 'It looks like http://127.0.0.1:11434/v1')
  }
  return {
    name: new URL(url).host,
    keyVariable: null,
    usdPerMillionInputTokens: null,
    usdPerMillionOutputTokens: null,
    ...known.find((one) => one.url === url),
    id,
    url,
  }
}
