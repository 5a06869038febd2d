import { expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { ChatState, ComingAnswer } from './chat-store.ts'
import { releaseModel } from './release-model.ts'

function pretend(coming: ComingAnswer | null) {
  const store = createStore<ChatState>(() => ({ coming }) as ChatState)
  const stop = vi.fn<() => void>()
  const close = vi.fn<() => void>()
  return { chat: { ...store, stop }, stop, session: { close }, close }
}

it('lets a model go at once where nothing is said', () => {
  const { chat, close, session, stop } = pretend(null)
  releaseModel(chat, session)
  expect(stop).not.toHaveBeenCalled()
  expect(close).toHaveBeenCalledOnce()
})

it('stops the answer that is coming, and lets the model go when that has ended', () => {
  const { chat, close, session, stop } = pretend({ phase: 'talking' } as ComingAnswer)
  releaseModel(chat, session)
  expect(stop).toHaveBeenCalledOnce()
  expect(close).not.toHaveBeenCalled()
  chat.setState({ coming: null })
  expect(close).toHaveBeenCalledOnce()
  chat.setState({ title: 'afterwards' })
  expect(close).toHaveBeenCalledOnce()
})
