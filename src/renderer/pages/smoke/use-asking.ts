import type { ChatMessage } from '#core/chat/conversation.ts'
import { useStores } from '../../app/use-stores.ts'
import { openWishOf } from '../../stores/chosen-model-store.ts'

export interface Asking {
  /** Asks every chosen model the same. */
  readonly ask: (text: string) => void
  readonly retry: () => void
  /** Loads the chosen models now, without asking them anything. */
  readonly load: () => void
  /** Loads what could not be loaded, and asks what it has not answered. */
  readonly loadAgain: () => void
  readonly resend: (messageId: string, text: string) => void
  readonly stop: () => void
  /** The same, although the model is larger than what is free. */
  readonly force: () => void
}

/** What the page does with a prompt: the chosen model answers it, and the other one beside it. */
export function useAsking(): Asking {
  const { chat, chosenModel, otherChat, otherSession, session } = useStores()
  const wishes = (force = false) => {
    const chosen = chosenModel.getState()
    return {
      first: openWishOf(chosen, chosen.target, force),
      other: chosen.other === null ? null : openWishOf(chosen, chosen.other, force),
    }
  }
  const load = () => {
    const { first, other } = wishes()
    void session.open(first)
    if (other !== null) void otherSession.open(other)
  }
  const retry = () => {
    const { first, other } = wishes()
    void chat.retry(first)
    if (other !== null) void otherChat.retry(other)
  }
  return {
    ask(text) {
      const { first, other } = wishes()
      void chat.send(text, first)
      if (other === null) return
      otherChat.change(chat.getState().settings)
      void otherChat.send(text, other)
    },
    retry,
    load,
    loadAgain: () => (isUnanswered(chat.getState().messages) ? retry() : load()),
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
        if (info !== null && isUnanswered(chat.getState().messages)) void chat.retry(wishes(true).first)
      })
    },
  }
}

/** Its last question has no answer, or half of one. */
function isUnanswered(messages: readonly ChatMessage[]): boolean {
  const last = messages.at(-1)
  return last !== undefined && last.generation === null
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
