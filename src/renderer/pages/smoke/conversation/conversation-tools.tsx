import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { conversationJson, conversationMarkdown } from '#core/chat/export-conversation.ts'
import type { ConversationSummary } from '#contract/chatting.ts'
import { saveFile } from '../../../app/save-file.ts'
import { useUndoOffer } from '../../../app/use-undoable-change.tsx'
import { useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import { conversationOf } from '../../../stores/chat-store.ts'
import { ChatSettingsDrawer } from '../settings/chat-settings-drawer.tsx'
import classes from './conversation.module.css'
import { RenameDialog } from './rename-dialog.tsx'

/** What is done with whole conversations: begin, find again, name, save as a file, remove; and how answers are chosen. */
export function ConversationTools() {
  const { t } = useTranslation()
  const { chat, conversations, otherChat } = useStores()
  const title = useStore(chat, (state) => state.title)
  const isEmpty = useStore(chat, (state) => state.messages.length === 0)
  const { failure, list } = useStore(conversations)
  const [isRenaming, setIsRenaming] = useState(false)
  const [isSetting, setIsSetting] = useState(false)
  const { open, remove } = useConversations()

  function begin(): void {
    chat.begin()
    otherChat.begin()
  }

  return (
    <div className={classes.tools}>
      <h2 className={classes.title}>{title === '' ? t('smoke.newTitle') : title}</h2>
      <div className={classes.toolButtons}>
        <Button size="compact-sm" variant="default" disabled={isEmpty} onClick={begin}>
          {t('smoke.begin')}
        </Button>
        <Menu position="bottom-end" width={320}>
          <Menu.Target>
            <Button size="compact-sm" variant="default">
              {t('smoke.conversations')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.menu}>
            {list === null || list.length === 0 ? (
              <Menu.Label>{t('smoke.noConversations')}</Menu.Label>
            ) : (
              list.map((summary) => (
                <Menu.Item key={summary.id} onClick={() => void open(summary.id)}>
                  <span className={classes.summaryTitle}>{summary.title}</span>
                  <span className={classes.summaryUnder}>
                    {t('smoke.summary', { model: summary.model, count: summary.messages })}
                  </span>
                </Menu.Item>
              ))
            )}
          </Menu.Dropdown>
        </Menu>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-sm" variant="default" disabled={isEmpty}>
              {t('smoke.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setIsRenaming(true)}>{t('smoke.rename')}</Menu.Item>
            <Menu.Item onClick={() => save(chat.getState, 'md')}>{t('smoke.exportMarkdown')}</Menu.Item>
            <Menu.Item onClick={() => save(chat.getState, 'json')}>{t('smoke.exportJson')}</Menu.Item>
            <Menu.Item color="red" onClick={() => void remove()}>
              {t('smoke.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button size="compact-sm" variant="default" onClick={() => setIsSetting(true)}>
          {t('smoke.settings')}
        </Button>
      </div>
      {failure === null ? null : <InlineFailure failure={failure} />}
      <RenameDialog opened={isRenaming} title={title} onClose={() => setIsRenaming(false)} />
      <ChatSettingsDrawer opened={isSetting} onClose={() => setIsSetting(false)} />
    </div>
  )
}

function useConversations() {
  const { t } = useTranslation()
  const { chat, conversations } = useStores()
  const offer = useUndoOffer()
  async function open(id: ConversationSummary['id']): Promise<void> {
    const found = await conversations.get(id)
    if (found !== null) chat.show(found)
  }
  async function remove(): Promise<void> {
    const { id, title } = chat.getState()
    chat.begin()
    await conversations.remove(id)
    offer(t('smoke.removed', { title }), () => void conversations.restore(id).then(() => open(id)))
  }
  return { open, remove }
}

type ReadChat = () => Parameters<typeof conversationOf>[0]

function save(read: ReadChat, kind: 'md' | 'json'): void {
  const state = read()
  const model = state.messages.findLast(({ generation }) => generation !== null)?.generation?.model ?? ''
  const conversation = conversationOf(state, model, new Date())
  const text = kind === 'md' ? conversationMarkdown(conversation) : conversationJson(conversation)
  const type = kind === 'md' ? 'text/markdown' : 'application/json'
  saveFile(new Blob([text], { type }), `inhouse-chat.${kind}`)
}
