import { expect, it, vi } from 'vitest'
import { runAndKeepSmokeTest, type SmokeTestOptions } from '#backend/api/smoke-test.ts'
import type { Chat } from '#backend/chat/chat.ts'
import type { FinishedSmokeTest, OpenWish, SmokeUpdate } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { scriptedModel } from '../../../test/scripted-model.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'

const WISH: OpenWish = {
  target: { kind: 'pilot' },
  contextTokens: null,
  gpuLayers: 'auto',
  adapters: [],
  force: false,
}

function pretendChat(): { readonly chat: Chat; readonly close: () => void } {
  const model = scriptedModel(() => 'Yes.')
  const close = vi.fn<() => void>()
  const subject = {
    name: 'the pilot',
    kind: 'pilot',
    fileName: null,
    fileBytes: null,
    modelId: null,
    quantizationId: null,
    adapters: [],
  } as const
  const chat: Chat = {
    // oxlint-disable-next-line require-yield -- it is there at once
    async *open() {
      return { model: { ...model, close }, subject }
    },
    close: () => undefined,
  }
  return { chat, close }
}

async function run(
  add: SmokeTestOptions['store']['add'],
): Promise<FinishedSmokeTest & { readonly closed: boolean }> {
  const { chat, close } = pretendChat()
  const machine = () => Promise.resolve(whatIfMachine(['none'], 16))
  const test: AsyncGenerator<SmokeUpdate, FinishedSmokeTest> = runAndKeepSmokeTest(WISH, {
    chat,
    store: { add },
    machine,
    signal: new AbortController().signal,
  })
  for (let step = await test.next(); ; step = await test.next()) {
    if (step.done === true) return { ...step.value, closed: vi.mocked(close).mock.calls.length > 0 }
  }
}

it('keeps what it found, and lets the model go', async () => {
  const kept: unknown[] = []
  const { closed, notKept, record } = await run((one) => {
    kept.push(one)
    return Promise.resolve()
  })
  expect(kept).toEqual([record])
  expect(notKept).toBeNull()
  expect(closed).toBe(true)
})

it('gives the test back although it cannot be kept, with the reason', async () => {
  const full = new InhouseError({ code: 'DISK_FULL', message: 'The disk is full.', nextStep: 'Free some.' })
  const { closed, notKept, record } = await run(() => Promise.reject(full))
  expect(record.subject.name).toBe('the pilot')
  expect(notKept).toBe('The disk is full. Free some.')
  expect(closed).toBe(true)
})
