import type { ChatMessage, Conversation } from '#core/chat/conversation.ts'
import { generationWords } from '#core/chat/generation-words.ts'

/** The conversation as a Markdown document. What was said stands in fences, letter by letter: nothing in it can end them. */
export function conversationMarkdown(conversation: Conversation): string {
  const { changedAt, messages, model, settings, startedAt, title } = conversation
  const parts = [
    `# ${inline(title)}`,
    [
      `- Model: ${inline(model)}`,
      `- Begun: ${inline(startedAt)}`,
      `- Last changed: ${inline(changedAt)}`,
      `- Temperature: ${settings.sampling.temperature}`,
    ].join('\n'),
    ...(settings.system === '' ? [] : ['## System prompt', fenced(settings.system)]),
    ...messages.flatMap(messageParts),
  ]
  return `${parts.join('\n\n')}\n`
}

/** The conversation as JSON, as it is kept. */
export function conversationJson(conversation: Conversation): string {
  return `${JSON.stringify(conversation, null, 2)}\n`
}

function messageParts({ generation, role, saidAt, text, thought }: ChatMessage): readonly string[] {
  const name = role === 'user' ? 'You' : inline(generation?.model ?? 'The model')
  return [
    `## ${name}, ${inline(saidAt)}`,
    ...(thought === null ? [] : ['Thought before the answer:', fenced(thought)]),
    fenced(text),
    ...(generation === null ? [] : [inline(generationWords(generation))]),
  ]
}

/** A fence longer than any in the text (CommonMark 0.31, 4.5): it can only be closed by its own end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text.replaceAll(/\r\n?/g, '\n')}\n${fence}`
}

/** One line of plain text: no mark of Markdown or HTML means anything in it (CommonMark 0.31, 2.4). */
function inline(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll(/[!-/:-@[-`{-~]/g, escaped)
}

/** These mean nothing inside a line, and read badly with a backslash. */
const HARMLESS = '-,.:;/%=\'"()?'

function escaped(mark: string): string {
  return HARMLESS.includes(mark) ? mark : `\\${mark}`
}
