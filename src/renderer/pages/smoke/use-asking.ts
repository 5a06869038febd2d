import type { ChatMessage } from '#core/chat/conversation.ts'
import { useStores } from '../../app/use-stores.ts'
import { openWishOf } from '../../stores/chosen-model-store.ts'

export interface Asking {
  /** Asks every chosen model the same. */
  readonly ask: (text: string) => void
  readonly retry: () => void
  readonly resend: (messageId: string, text: string) => void
  readonly stop: () => void
  /** Loads the chosen models although they are larger than what is free, and asks again. */
  readonly force: () => void
}

/** What the page does with a prompt: the chosen model answers it, and the other one beside it. */
export function useAsking(): Asking {
  const { chat, chosenModel, otherChat, session } = useStores()
  const wishes = (force = false) => {
    const chosen = chosenModel.getState()
    return {
      first: openWishOf(chosen, chosen.target, force),
      other: chosen.other === null ? null : openWishOf(chosen, chosen.other, force),
    }
  }
  return {
    ask(text) {
      const { first, other } = wishes()
      void chat.send(text, first)
      if (other === null) return
      otherChat.change(chat.getState().settings)
      void otherChat.send(text, other)
    },
    retry() {
      const { first, other } = wishes()
      void chat.retry(first)
      if (other !== null) void otherChat.retry(other)
    },
    resend(messageId, text) {
      const { first, other } = wishes()
      const otherMessage = sameQuestion(messageId, chat.getState().messages, otherChat.getState().messages)
      void chat.resend(messageId, text, first)
      if (other !== null && otherMessage !== undefined) void otherChat.resend(otherMessage.id, text, other)
    },
    stop() {
      chat.stop()
      otherChat.stop()
    },
    force() {
      void session.open(wishes(true).first).then((info) => {
        if (info !== null && chat.getState().messages.length > 0) void chat.retry(wishes(true).first)
      })
    },
  }
}

/** The question of the other conversation, which may have begun later: counted from the end. */
function sameQuestion(
  messageId: string,
  messages: readonly ChatMessage[],
  others: readonly ChatMessage[],
): ChatMessage | undefined {
  const questions = messages.filter(({ role }) => role === 'user')
  const at = questions.findIndex(({ id }) => id === messageId)
  return others.filter(({ role }) => role === 'user').at(at - questions.length)
}
