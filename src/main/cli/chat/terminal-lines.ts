import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'

/** What a person at a terminal types and stops. */
export interface TerminalLines {
  /** The next message, of one line or of many pasted at once; null when the person leaves. */
  next(): Promise<string | null>
  /** Works while nothing typed is shown: Ctrl-C aborts the signal, a second one leaves. */
  during<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  isLeaving(): boolean
  close(): void
}

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream & { readonly columns?: number }
  readonly prompt: string
  /** Said after the first Ctrl-C at an empty line. */
  readonly leaveHint: string
}

/** Lines that come faster than this after one another were pasted: nobody types so fast. */
const PASTE_MS = 30
const MORE_PROMPT = '… '
const HISTORY_LINES = 1000

/** Reads messages from a terminal, with the editing and the history of Node's own line editor. */
export function terminalLines({ input, leaveHint, output, prompt }: TerminalStreams): TerminalLines {
  const screen = mutedScreen(output)
  const editor = createInterface({ input, output: screen, terminal: true, historySize: HISTORY_LINES })
  const state = { lines: [] as string[], isLeaving: false, wasInterrupted: false }
  let pasted: NodeJS.Timeout | undefined
  let take: ((text: string | null) => void) | null = null
  let working: AbortController | null = null

  const ask = (with_: string) => {
    editor.setPrompt(with_)
    editor.prompt(true)
  }
  const deliver = () => {
    // The last line of what was pasted may still wait for its Enter.
    if (editor.line !== '') return
    if (state.lines.at(-1)?.endsWith('\\') === true) return ask(MORE_PROMPT)
    const text = state.lines.map((line) => line.replace(/\\$/, '')).join('\n')
    state.lines = []
    take?.(text)
  }
  editor.on('line', (line) => {
    if (take === null) return
    state.wasInterrupted = false
    state.lines.push(line)
    clearTimeout(pasted)
    pasted = setTimeout(deliver, PASTE_MS)
  })
  editor.on('SIGINT', () => {
    if (state.wasInterrupted) return editor.close()
    if (working !== null) {
      state.wasInterrupted = true
      return working.abort()
    }
    const hadText = editor.line !== '' || state.lines.length > 0
    state.lines = []
    clearTyped(editor)
    state.wasInterrupted = !hadText
    screen.write(hadText ? '\n' : `\n${leaveHint}\n`)
    ask(prompt)
  })
  editor.on('close', () => {
    state.isLeaving = true
    working?.abort()
    take?.(null)
  })
  return {
    async next() {
      if (state.isLeaving) return null
      state.wasInterrupted = false
      const text = await new Promise<string | null>((resolve) => {
        take = resolve
        ask(prompt)
      })
      take = null
      return text
    },
    async during(work) {
      working = new AbortController()
      if (state.isLeaving) working.abort()
      screen.mute(true)
      try {
        return await work(working.signal)
      } finally {
        // What was typed meanwhile was not seen: it is not sent by the next Enter.
        if (!state.isLeaving) clearTyped(editor)
        screen.mute(false)
        working = null
      }
    },
    isLeaving: () => state.isLeaving,
    close: () => editor.close(),
  }
}

function clearTyped(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' })
  editor.write(null, { ctrl: true, name: 'u' })
}

/** The terminal as the line editor sees it; muted, what it echoes goes nowhere. */
function mutedScreen(output: TerminalStreams['output']) {
  let isMuted = false
  const screen = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) output.write(chunk)
      done()
    },
  })
  output.on('resize', () => screen.emit('resize'))
  return Object.defineProperty(
    Object.assign(screen, {
      mute(muted: boolean) {
        isMuted = muted
      },
    }),
    'columns',
    { get: () => output.columns ?? 80 },
  )
}
