import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatRequest, OpenModel } from '#backend/chat/open-model.ts'
import type { ChatUpdate } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { CliContext } from '../cli-context.ts'
import { styleOf } from '../text/style.ts'
import { chatInTerminal } from './chat-terminal.ts'
import type { GivenSettings } from './settings-with.ts'
import { pretendModel } from './testing/pretend-model.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-chat-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Setting {
  readonly says?: (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatUpdate>
  readonly given?: GivenSettings
  readonly columns?: number
  readonly environment?: Record<string, string>
  readonly onOpen?: () => OpenModel
}

/** A terminal with a person at it. */
function terminal({ columns = 80, environment = {}, given = { sampling: {} }, onOpen, says }: Setting = {}) {
  const keys = new PassThrough()
  const screen = Object.assign(new PassThrough(), { columns })
  let shown = ''
  const watchers = new Set<() => void>()
  const show = (text: string) => {
    shown += text
    for (const watcher of watchers) watcher()
  }
  screen.on('data', (chunk: Buffer) => show(chunk.toString()))
  const asked: ChatRequest[] = []
  let opened = 0
  let closed = 0
  const context: CliContext = {
    version: '1.2.3',
    root: '',
    dataFolder: '',
    userFolder: folder,
    style: styleOf({ isTTY: true, columns }, environment),
    write: async (text) => show(text),
    writeError: show,
    showProgress: null,
    stdin: keys,
  }
  const done = chatInTerminal({
    open: async () => {
      opened++
      if (onOpen !== undefined) return onOpen()
      return pretendModel({
        says: (request, signal) => {
          asked.push(request)
          return (says ?? echo)(request, signal)
        },
        onClose: () => closed++,
      })
    },
    settings: given,
    context,
    output: screen,
  })
  /** Waits until the terminal shows it, from here on. */
  const until = (text: string | RegExp) => {
    const from = shown.length
    return new Promise<void>((resolve) => {
      const look = () => {
        const plain = stripVTControlCharacters(shown.slice(from))
        if (typeof text === 'string' ? !plain.includes(text) : !text.test(plain)) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  }
  const ready = until('> ')
  return {
    asked,
    done,
    ready,
    until,
    counts: () => ({ opened, closed }),
    shown: () => stripVTControlCharacters(shown),
    raw: () => shown,
    type: (text: string) => void keys.write(text),
    async say(text: string, answer: string | RegExp) {
      const seen = until(answer)
      keys.write(text)
      await seen
    },
    async leave() {
      const left = done
      keys.write('\u0004')
      await left
    },
  }
}

async function* echo({ messages }: ChatRequest): AsyncIterable<ChatUpdate> {
  yield { kind: 'text', part: 'answer', text: `You said: ${messages.at(-1)?.text}` }
}

const PROMPTED = /first after[^]*> $/

describe('a conversation in a terminal', () => {
  it('answers what is typed, tells the numbers, and remembers what was said', async () => {
    const at = terminal()
    await at.ready
    await at.say('Hello\r', PROMPTED)
    await at.say('Again\r', PROMPTED)
    await at.leave()
    expect(at.shown()).toContain(
      'You said: Hello\n12 tokens, 93 tok/s, first after 0.02 s; predicted 85 tok/s (70–100), the prediction was 9 % low\n',
    )
    expect(at.asked[1]?.messages).toEqual([
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: 'You said: Hello' },
      { role: 'user', text: 'Again' },
    ])
    expect(at.counts()).toEqual({ opened: 1, closed: 1 })
  })

  it('takes what is pasted as one message, and lines that go on', async () => {
    const at = terminal()
    await at.ready
    await at.say('one\rtwo\rthree\r', PROMPTED)
    await at.say('four \\\r', '… ')
    await at.say('five\r', PROMPTED)
    await at.leave()
    expect(at.asked.map(({ messages }) => messages.at(-1)?.text)).toEqual(['one\ntwo\nthree', 'four \nfive'])
  })

  it('shows thoughts apart, and no control character of the model', async () => {
    const at = terminal({
      async *says() {
        yield { kind: 'text', part: 'thought', text: 'Hm' }
        yield { kind: 'text', part: 'thought', text: '\u001b[31m.' }
        yield { kind: 'text', part: 'answer', text: 'a\u001b]0;evil\u0007\r\n\tb\u202e' }
      },
      environment: { NO_COLOR: '1' },
    })
    await at.ready
    await at.say('Hello\r', PROMPTED)
    await at.leave()
    expect(at.raw()).toContain('Thought: Hm\ufffd[31m.\n\na\ufffd]0;evil\ufffd\n\tb\ufffd\n12 tokens')
  })

  it('stops an answer with Ctrl-C and goes on', async () => {
    const at = terminal({
      async *says(_, signal) {
        yield { kind: 'text', part: 'answer', text: 'Once upon' }
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    })
    await at.ready
    await at.say('A story\r', 'Once upon')
    await at.say('unseen\u0003', /stopped[^]*> $/)
    expect(at.shown()).not.toContain('unseen')
    await at.say('More\r', 'Once upon')
    await at.say('\u0003', /stopped[^]*> $/)
    await at.leave()
    expect(at.asked[1]?.messages.map(({ text }) => text)).toEqual(['A story', 'Once upon', 'More'])
  })

  it('leaves with Ctrl-C twice, the first of which forgets the line', async () => {
    const at = terminal()
    await at.ready
    await at.say('half a line\u0003', /> $/)
    await at.say('\u0003', /Ctrl-C again leaves\.\n[^]*> $/)
    at.type('\u0003')
    await at.done
    expect(at.asked).toEqual([])
    expect(at.counts()).toEqual({ opened: 1, closed: 1 })
  })

  it('asks again, begins anew, and changes what the model is told', async () => {
    const at = terminal({ given: { sampling: { temperature: 0 }, system: 'Be brief.' } })
    await at.ready
    await at.say('/retry\r', /Nothing was asked yet[^]*> $/)
    await at.say('Hello\r', PROMPTED)
    await at.say('/system Be kind.\r', /told: Be kind[^]*> $/)
    await at.say('/retry\r', PROMPTED)
    await at.say('/clear\r', /new conversation[^]*> $/)
    await at.say('/etc/fstab is what?\r', PROMPTED)
    await at.say('/dance\r', /no \/dance[^]*> $/)
    await at.say('/help\r', /\/save file[^]*> $/)
    at.type('/quit\r')
    await at.done
    expect(
      at.asked.map(({ messages, settings }) => [
        settings.system,
        settings.sampling.temperature,
        messages.length,
      ]),
    ).toEqual([
      ['Be brief.', 0, 1],
      ['Be kind.', 0, 1],
      ['Be kind.', 0, 1],
    ])
  })

  it('saves what was said, and overwrites nothing', async () => {
    const at = terminal()
    await at.ready
    await at.say('Hello\r', PROMPTED)
    const file = path.join(folder, 'talk')
    await at.say(`/save ${file}.json\r`, /Saved as[^]*> $/)
    await at.say(`/save ${file}.md\r`, /Saved as[^]*> $/)
    await at.say(`/save ${file}.md\r`, /exists already[^]*> $/)
    await at.leave()
    expect(JSON.parse(await readFile(`${file}.json`, 'utf8'))).toMatchObject({
      title: 'Hello',
      messages: [{ text: 'Hello' }, { text: 'You said: Hello' }],
    })
    expect(await readFile(`${file}.md`, 'utf8')).toContain('```text\nYou said: Hello\n```')
  })

  it('tells a lost process, and loads the model anew for the next question', async () => {
    let count = 0
    const at = terminal({
      async *says(request) {
        if (count++ === 0)
          throw new InhouseError({ code: 'ENGINE_CRASHED', message: 'It ended.', nextStep: 'Ask again.' })
        yield* echo(request)
      },
    })
    await at.ready
    await at.say('Hello\r', /It ended\. Ask again\.[^]*> $/)
    await at.say('/retry\r', PROMPTED)
    await at.leave()
    expect(at.counts()).toEqual({ opened: 2, closed: 2 })
    expect(at.asked[1]?.messages).toEqual([{ role: 'user', text: 'Hello' }])
  })

  it('fails where the model does not open', async () => {
    const failure = new InhouseError({ code: 'FILE_NOT_FOUND', message: 'Not there.', nextStep: 'Look.' })
    const at = terminal({
      onOpen: () => {
        throw failure
      },
    })
    await expect(at.done).rejects.toBe(failure)
  })

  it('fits a narrow terminal', async () => {
    const at = terminal({ columns: 40 })
    await at.ready
    await at.say('/help\r', /pasted is one[^]*> $/)
    await at.leave()
    expect(at.shown()).toContain('/retry\n  answer the last question again\n')
  })
})
