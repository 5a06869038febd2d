import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { conversationStore } from '#backend/store/conversation-store.ts'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import type { Conversation } from '#core/chat/conversation.ts'

let userFolder: string
beforeEach(async () => {
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-conversations-'))
})
afterEach(() => rm(userFolder, { recursive: true }))

const store = () => conversationStore(userFolder)
const folder = () => path.join(userFolder, 'conversations')

function conversation(id: string, minute = 0, title = 'What is LoRA?'): Conversation {
  const saidAt = `2026-11-25T12:${String(minute).padStart(2, '0')}:00.000Z`
  return {
    schema: 'inhouse/conversation/1',
    id,
    title,
    startedAt: saidAt,
    changedAt: saidAt,
    model: 'the pilot',
    settings: DEFAULT_CHAT_SETTINGS,
    messages: [{ id: '1', role: 'user', text: title, thought: null, generation: null, saidAt }],
  }
}

it('has none before the first is saved', async () => {
  expect(await store().list()).toEqual([])
  await expect(store().get('abcdefgh')).rejects.toMatchObject({ code: 'UNKNOWN_CONVERSATION' })
})

it('keeps conversations for the next start, the newest first, for their owner only', async () => {
  const first = conversation('first-one', 1)
  await store().save(first)
  await store().save(conversation('second-one', 3))
  await store().save(conversation('third-one', 2))
  expect(await store().get('first-one')).toEqual(first)
  expect(await store().list()).toEqual(
    ['second-one', 'third-one', 'first-one'].map((id) =>
      expect.objectContaining({ id, messages: 1, title: 'What is LoRA?' }),
    ),
  )
  if (process.platform === 'win32') return
  expect((await stat(path.join(folder(), 'first-one.json'))).mode & 0o777).toBe(0o600)
})

it('lists what was saved last under the same name', async () => {
  const opened = store()
  await opened.save(conversation('first-one', 1))
  await opened.list()
  await Promise.all([
    opened.save(conversation('first-one', 2, 'Another title')),
    opened.save(conversation('first-one', 3, 'The last title')),
  ])
  expect(await opened.list()).toMatchObject([{ id: 'first-one', title: 'The last title' }])
})

it('brings back what was removed, until the app ends', async () => {
  const opened = store()
  await opened.save(conversation('first-one'))
  await opened.remove('first-one')
  expect(await opened.list()).toEqual([])
  expect(await readdir(folder())).toEqual([])
  await expect(opened.remove('first-one')).rejects.toMatchObject({ code: 'UNKNOWN_CONVERSATION' })
  await expect(store().restore('first-one')).rejects.toMatchObject({ code: 'UNKNOWN_CONVERSATION' })
  await opened.restore('first-one')
  expect(await opened.get('first-one')).toEqual(conversation('first-one'))
})

it('names a damaged file and lists the others', async () => {
  await store().save(conversation('first-one'))
  await writeFile(path.join(folder(), 'half-one.json'), '{"schema":"inhouse/conv')
  await writeFile(path.join(folder(), 'other-one.json'), JSON.stringify(conversation('not-its-name')))
  await writeFile(path.join(folder(), 'notes.txt'), 'mine')
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const opened = store()
  expect(await opened.list()).toMatchObject([{ id: 'first-one' }])
  await opened.list()
  expect(warn).toHaveBeenCalledTimes(2)
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('half-one.json is damaged'))
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('other-one.json is damaged'))
  warn.mockRestore()
  await expect(opened.get('half-one')).rejects.toMatchObject({ code: 'FILE_INVALID' })
})

it.each(['../settings', 'a/../../b-longer', '..', 'short', 'with space', ''])(
  'takes %j for no name of a conversation',
  async (id) => {
    await expect(store().get(id)).rejects.toMatchObject({ code: 'UNKNOWN_CONVERSATION' })
    await expect(store().save(conversation(id))).rejects.toMatchObject({ code: 'UNKNOWN_CONVERSATION' })
    await expect(store().remove(id)).rejects.toMatchObject({ code: 'UNKNOWN_CONVERSATION' })
  },
)
