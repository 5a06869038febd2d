/** What can be done in a conversation besides talking. */
export const SLASH_COMMANDS = [
  ['/help', 'this list'],
  ['/system [text]', 'say what the model is told before the conversation, or show it'],
  ['/retry', 'answer the last question again'],
  ['/clear', 'begin a new conversation'],
  ['/save file', 'write it as Markdown, or as JSON where the name ends in .json'],
  ['/quit', 'leave (also Ctrl-D, or Ctrl-C twice)'],
] as const

/** A message that is a command: a slash and letters, then its text. */
export interface SlashCommand {
  readonly name: string
  readonly text: string
}

/** Null where it is something to say: "/etc/fstab is …" is, "/help" is not. */
export function slashCommand(message: string): SlashCommand | null {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(message.trim())
  return match?.[1] === undefined ? null : { name: match[1], text: match[2]?.trim() ?? '' }
}
