import { implement } from '@orpc/server'
import { answered, streamed } from '#backend/api/answer-call.ts'
import type { Backend } from '#backend/api/backend.ts'
import { contract } from '#contract/contract.ts'

const os = implement(contract)

/** The part of the contract that is about models one has: files, downloads, chats, tests, endpoints. */
export function modelRoutes(backend: Backend) {
  return { ...fileRoutes(backend), ...chatRoutes(backend), ...endpointRoutes(backend) }
}

function fileRoutes({ downloads, library }: Backend) {
  return {
    library: {
      scan: os.library.scan.handler(({ signal }) => streamed(library.scan(signal))),
      addFolder: os.library.addFolder.handler(({ input }) => answered(library.addFolder(input.path))),
      removeFolder: os.library.removeFolder.handler(({ input }) =>
        answered(library.removeFolder(input.path)),
      ),
      importFile: os.library.importFile.handler(({ input, signal }) =>
        streamed(library.importFile(input, signal)),
      ),
      remove: os.library.remove.handler(({ input }) => answered(library.remove(input.path))),
    },
    downloads: {
      files: os.downloads.files.handler(({ input }) => answered(downloads.files(input))),
      start: os.downloads.start.handler(({ input }) => answered(downloads.start(input))),
      watch: os.downloads.watch.handler(({ signal }) => streamed(downloads.watch(signal))),
      pause: os.downloads.pause.handler(({ input }) => answered(downloads.pause(input.id))),
      resume: os.downloads.resume.handler(({ input }) => answered(downloads.resume(input.id))),
      cancel: os.downloads.cancel.handler(({ input }) => answered(downloads.cancel(input.id))),
    },
  }
}

function chatRoutes(backend: Backend) {
  const { conversations, sessions } = backend
  return {
    sessions: {
      open: os.sessions.open.handler(({ input, signal }) => streamed(sessions.open(input, signal))),
      chat: os.sessions.chat.handler(({ input, signal }) => streamed(sessions.chat(input, signal))),
      stop: os.sessions.stop.handler(({ input }) => answered(sessions.stop(input.sessionId))),
    },
    smokeTests: {
      run: os.smokeTests.run.handler(({ input, signal }) => streamed(backend.smokeTest(input, signal))),
    },
    conversations: {
      list: os.conversations.list.handler(() => answered(conversations.list())),
      get: os.conversations.get.handler(({ input }) => answered(conversations.get(input.id))),
      save: os.conversations.save.handler(({ input }) => answered(conversations.save(input))),
      remove: os.conversations.remove.handler(({ input }) => answered(conversations.remove(input.id))),
      restore: os.conversations.restore.handler(({ input }) => answered(conversations.restore(input.id))),
    },
  }
}

function endpointRoutes({ endpoints, secrets }: Backend) {
  return {
    endpoints: {
      list: os.endpoints.list.handler(() => answered(endpoints.list())),
      save: os.endpoints.save.handler(({ input }) => answered(endpoints.save(input))),
      remove: os.endpoints.remove.handler(({ input }) => answered(endpoints.remove(input.id))),
      models: os.endpoints.models.handler(({ input, signal }) =>
        answered(endpoints.models(input.id, signal)),
      ),
    },
    secrets: {
      state: os.secrets.state.handler(() => answered(secretsState(secrets))),
      set: os.secrets.set.handler(({ input }) => answered(secrets.set(input.name, input.value))),
      remove: os.secrets.remove.handler(({ input }) => answered(secrets.remove(input.name))),
    },
  }
}

async function secretsState(secrets: Backend['secrets']) {
  // Whether this host can keep secrets is settled once it has been asked for one.
  const huggingFace = await secrets.state('hugging-face')
  return { cannotStore: secrets.cannotStore, huggingFace }
}
