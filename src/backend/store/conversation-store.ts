import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'
import { conversationIdSchema, conversationSchema, type ConversationSummary } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { Conversation } from '#core/chat/conversation.ts'

/** Conversations of this user, each in a file of its own. */
export interface ConversationStore {
  /** Newest first; a damaged file is named on the console and left out. */
  list(): Promise<readonly ConversationSummary[]>
  /** Throws `UNKNOWN_CONVERSATION`, and `FILE_INVALID` where its file is damaged. */
  get(id: string): Promise<Conversation>
  /** Adds it, or replaces the one of its id. */
  save(conversation: Conversation): Promise<void>
  remove(id: string): Promise<void>
  /** Brings back what was removed since the app was started. */
  restore(id: string): Promise<void>
}

/** Larger no conversation becomes that a person had. */
const MAX_BYTES = 64 * 1024 * 1024
/** More than a list can show; the newest are listed. */
const MAX_LISTED = 10_000
/** Removed conversations that can be brought back. */
const MAX_REMOVED = 100

/** The conversations in the user's folder. Changes wait for one another. */
export function conversationStore(userFolder: string): ConversationStore {
  const folder = path.join(userFolder, 'conversations')
  const fileOf = (id: string) => path.join(folder, `${knownId(id)}.json`)
  const removed = new Map<string, Conversation>()
  const summaries = new Map<
    string,
    { readonly stamp: string; readonly summary: ConversationSummary | null }
  >()
  const changes = oneAfterAnother()

  const get = async (id: string) => {
    const file = fileOf(id)
    const facts = await statOf(file)
    if (facts === null) throw unknownConversation(id)
    const conversation = facts.size > MAX_BYTES ? null : await readConversation(file, id)
    if (conversation === null) throw damaged(file)
    return conversation
  }
  /** Read again only where the file has changed. */
  const summaryOf = async ({ file, id, stamp }: ConversationFile) => {
    const known = summaries.get(id)
    if (known?.stamp === stamp) return known.summary
    const conversation = await readConversation(file, id)
    if (conversation === null) console.warn(damaged(file).message)
    const summary = conversation === null ? null : summarize(conversation)
    summaries.set(id, { stamp, summary })
    return summary
  }
  return {
    async list() {
      const listed: ConversationSummary[] = []
      for (const file of await newestFiles(folder)) {
        const summary = await summaryOf(file)
        if (summary !== null) listed.push(summary)
      }
      return listed.toSorted((one, other) => (one.changedAt < other.changedAt ? 1 : -1))
    },
    get,
    save: (conversation) =>
      changes(async () => {
        if (JSON.stringify(conversation).length > MAX_BYTES) throw tooLong()
        await writeJsonFile(fileOf(conversation.id), conversation)
        // Two versions of one size may be written within one tick of the file's clock.
        summaries.delete(conversation.id)
      }),
    remove: (id) =>
      changes(async () => {
        removed.set(id, await get(id))
        const [oldest] = removed.keys()
        if (removed.size > MAX_REMOVED && oldest !== undefined) removed.delete(oldest)
        await removeFile(fileOf(id))
      }),
    restore: (id) =>
      changes(async () => {
        const conversation = removed.get(id)
        if (conversation === undefined) throw unknownConversation(id)
        await writeJsonFile(fileOf(id), conversation)
        removed.delete(id)
      }),
  }
}

function oneAfterAnother(): (change: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (change) => {
    const changed = last.then(change)
    last = changed.catch(() => undefined)
    return changed
  }
}

interface ConversationFile {
  readonly id: string
  readonly file: string
  /** Another one whenever the file has changed. */
  readonly stamp: string
  readonly changedMs: number
}

async function newestFiles(folder: string): Promise<readonly ConversationFile[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const files = await Promise.all(
    names.map(async (name): Promise<ConversationFile | null> => {
      const { data } = conversationIdSchema.safeParse({ id: path.parse(name).name })
      if (data === undefined || !name.endsWith('.json')) return null
      const file = path.join(folder, name)
      const facts = await statOf(file)
      if (facts === null) return null
      if (facts.size > MAX_BYTES) {
        console.warn(damaged(file).message)
        return null
      }
      return { id: data.id, file, stamp: `${facts.mtimeMs} ${facts.size}`, changedMs: facts.mtimeMs }
    }),
  )
  return files
    .filter((file) => file !== null)
    .toSorted((one, other) => other.changedMs - one.changedMs)
    .slice(0, MAX_LISTED)
}

/** Null where it is damaged. */
async function readConversation(file: string, id: string): Promise<Conversation | null> {
  const { data } = conversationSchema.safeParse(await readJsonFile(file))
  return data?.id === id ? data : null
}

function summarize({ changedAt, id, messages, model, title }: Conversation): ConversationSummary {
  return { id, title, changedAt, model, messages: messages.length }
}

/** An identifier names a file: what is none never becomes part of a path. */
function knownId(id: string): string {
  const { data } = conversationIdSchema.safeParse({ id })
  if (data === undefined) throw unknownConversation(id)
  return data.id
}

async function statOf(file: string) {
  return stat(file).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
}

async function removeFile(file: string): Promise<void> {
  try {
    await rm(file)
  } catch (error) {
    throw new InhouseError({
      code: 'STORE_UNWRITABLE',
      message: `${file} cannot be removed (${error instanceof Error ? error.message : String(error)}).`,
      nextStep: 'Make the folder writable, and try again.',
      cause: error,
    })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function damaged(file: string): InhouseError {
  return new InhouseError({
    code: 'FILE_INVALID',
    message: `${file} is damaged: it is no conversation.`,
    nextStep: 'Remove the file, or bring it back from a backup.',
  })
}

function unknownConversation(id: string): InhouseError {
  return new InhouseError({
    code: 'UNKNOWN_CONVERSATION',
    message: `There is no conversation "${id}".`,
    nextStep: 'Choose another one from the list.',
  })
}

function tooLong(): InhouseError {
  return new InhouseError({
    code: 'CHAT_REFUSED',
    message: 'This conversation is longer than 64 MiB, more than is kept.',
    nextStep: 'Export it, and begin a new one.',
  })
}
