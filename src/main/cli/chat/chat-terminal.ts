import type { OpenModel } from '#backend/chat/open-model.ts'
import type { ChatAnswer, SessionInfo } from '#contract/chatting.ts'
import { InhouseError, type InhouseErrorCode } from '#contract/inhouse-error.ts'
import type { ChatSettings } from '#core/chat/chat-settings.ts'
import { conversationJson, conversationMarkdown } from '#core/chat/export-conversation.ts'
import type { CliContext } from '../cli-context.ts'
import { answerNumbers, answerText, modelLine, progressText } from '../text/chat-text.ts'
import { plainText } from '../text/plain-text.ts'
import { writeNewFile } from '../write-new-file.ts'
import { settingsWith, type GivenSettings } from './settings-with.ts'
import { SLASH_COMMANDS, slashCommand, type SlashCommand } from './slash-command.ts'
import { terminalConversation, type TerminalConversation } from './terminal-conversation.ts'
import { terminalLines, type TerminalLines, type TerminalStreams } from './terminal-lines.ts'

export interface TerminalChat {
  readonly open: (signal: AbortSignal) => Promise<OpenModel>
  readonly settings: GivenSettings
  readonly context: CliContext
  /** The terminal itself: what is typed is shown there. */
  readonly output: TerminalStreams['output']
}

/** After these the model is loaded anew for the next question. */
const GONE: readonly InhouseErrorCode[] = ['ENGINE_CRASHED', 'ENGINE_HUNG', 'OUT_OF_MEMORY', 'SESSION_GONE']

/** A conversation with a person at a terminal, until they leave. */
export async function chatInTerminal(chat: TerminalChat): Promise<void> {
  const { context, output } = chat
  const { style } = context
  const lines = terminalLines({
    input: context.stdin,
    output,
    prompt: style.bold('> '),
    leaveHint: style.dim('Ctrl-C again leaves.'),
  })
  const talk = new Talk(chat, lines)
  try {
    await talk.begin()
    for (;;) {
      const message = await lines.next()
      if (message === null) return
      if (message.trim() === '') continue
      const command = slashCommand(message)
      if (command?.name === 'quit' || command?.name === 'exit') return
      await (command === null ? talk.say(message) : talk.obey(command))
    }
  } finally {
    talk.end()
    lines.close()
    if (lines.isLeaving()) await context.write('\n')
  }
}

/** One conversation; it owns the model that is open. */
class Talk {
  readonly #chat: TerminalChat
  readonly #lines: TerminalLines
  readonly #conversation: TerminalConversation
  #model: OpenModel | null = null
  #given: GivenSettings

  constructor(chat: TerminalChat, lines: TerminalLines) {
    this.#chat = chat
    this.#lines = lines
    this.#given = chat.settings
    this.#conversation = terminalConversation(() => new Date().toISOString())
  }

  async begin(): Promise<void> {
    const { context } = this.#chat
    const info = await this.#lines.during(async (signal) => {
      try {
        return (await this.#opened(signal)).info
      } catch (error) {
        if (signal.aborted) return null
        throw error
      }
    })
    if (info === null) return this.#lines.close()
    const note =
      info.kind === 'pilot' ? 'It shows that everything works here; it only knows its manual.\n' : ''
    await context.write(
      `${context.style.bold(modelLine(info))}\n${context.style.dim(`${note}/help lists what you can do; Ctrl-C stops an answer.`)}\n\n`,
    )
  }

  async say(text: string): Promise<void> {
    this.#conversation.say(text)
    await this.#answer()
  }

  async obey({ name, text }: SlashCommand): Promise<void> {
    const { context } = this.#chat
    switch (name) {
      case 'help':
        return this.#note(helpText(context.style.terminalColumns))
      case 'system':
        if (text !== '') this.#given = { ...this.#given, system: text }
        return this.#note(systemText(text, this.#given.system ?? this.#model?.info.defaults.system ?? ''))
      case 'retry':
        if (this.#conversation.takeBack()) return this.#answer()
        return this.#note('Nothing was asked yet.')
      case 'clear':
        this.#conversation.clear()
        return this.#note('A new conversation begins.')
      case 'save':
        return this.#save(text)
      default:
        return this.#note(`There is no /${name}. /help lists what there is.`)
    }
  }

  end(): void {
    this.#model?.close()
    this.#model = null
  }

  async #opened(signal: AbortSignal): Promise<OpenModel> {
    return (this.#model ??= await this.#chat.open(signal))
  }

  #settings({ defaults }: SessionInfo): ChatSettings {
    return settingsWith(defaults, this.#given)
  }

  async #answer(): Promise<void> {
    const { context } = this.#chat
    try {
      await this.#lines.during(async (signal) => {
        const model = await this.#opened(signal)
        const request = {
          messages: this.#conversation.messages().map(({ role, text }) => ({ role, text })),
          settings: this.#settings(model.info),
        }
        const answer = await show(model.chat(request, signal), context)
        this.#conversation.answered(answer)
        await context.write(`${context.style.dim(answerNumbers(answer.generation, model.info))}\n\n`)
      })
    } catch (error) {
      context.showProgress?.(null)
      if (!(error instanceof InhouseError)) throw error
      if (GONE.includes(error.code)) this.end()
      const words = `${error.message} ${error.nextStep}`.split('\n').map(plainText).join('\n')
      await context.write(`\n${context.style.bad(words)}\n${context.style.dim('/retry asks again.')}\n\n`)
    }
  }

  async #save(file: string): Promise<void> {
    const info = this.#model?.info
    if (file === '' || info === undefined) return this.#note('Name a file: /save talk.md')
    const whole = this.#conversation.whole({ model: info.name, settings: this.#settings(info) })
    try {
      await writeNewFile(
        file,
        file.endsWith('.json') ? conversationJson(whole) : conversationMarkdown(whole),
        false,
      )
      await this.#note(`Saved as ${plainText(file)}.`)
    } catch (error) {
      if (!(error instanceof InhouseError)) throw error
      await this.#note(`${plainText(error.message)} Choose another name.`)
    }
  }

  async #note(text: string): Promise<void> {
    const { context } = this.#chat
    await context.write(`${context.style.dim(text)}\n\n`)
  }
}

/** Shows an answer as it comes: thoughts dimmed, then the answer; before its first word, what happens. */
async function show(
  answering: ReturnType<OpenModel['chat']>,
  { showProgress, style, write }: CliContext,
): Promise<ChatAnswer> {
  let part: 'answer' | 'thought' | null = null
  let endsLine = true
  try {
    for (;;) {
      const step = await answering.next()
      if (step.done === true) return step.value
      const update = step.value
      if (update.kind !== 'text') {
        if (part === null) showProgress?.(progressText(update))
        continue
      }
      showProgress?.(null)
      const text = answerText(update.text)
      const isThought = update.part === 'thought'
      const lead = part === update.part ? '' : isThought ? 'Thought: ' : part === null ? '' : '\n\n'
      await write(isThought ? style.dim(`${lead}${text}`) : `${lead}${text}`)
      part = update.part
      endsLine = text.endsWith('\n')
    }
  } finally {
    showProgress?.(null)
    if (!endsLine) await write('\n')
  }
}

function systemText(said: string, system: string): string {
  const shown = plainText(system.replaceAll('\n', ' '))
  if (said !== '') return `From now on it is told: ${shown}`
  return system === '' ? 'It is told nothing before the conversation.' : `It is told: ${shown}`
}

/** In two columns, or where the terminal is narrow below each other. */
function helpText(terminalColumns: number | null): string {
  const width = Math.max(...SLASH_COMMANDS.map(([command]) => command.length)) + 2
  const isNarrow = (terminalColumns ?? 80) < 70
  const commands = SLASH_COMMANDS.map(([command, does]) =>
    isNarrow ? `${command}\n  ${does}` : `${command.padEnd(width)}${does}`,
  )
  return [...commands, 'A line that ends in \\ goes on in the next; what is pasted is one message.'].join(
    '\n',
  )
}
