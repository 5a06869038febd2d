import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight'

type Command = SpotlightActionData | SpotlightActionGroupData

/** Groups this long are a catalogue: listed once something was typed. */
const LONGEST_LIST = 20

/** Commands whose name holds every typed word, punctuation ignored: "qwen3 30b" finds "Qwen3 30B-A3B". */
export function matchingCommands(query: string, commands: readonly Command[]): SpotlightActionGroupData[] {
  const words = wordsOf(query)
  return commands.filter(isGroup).flatMap((group) => {
    if (words.length === 0) return group.actions.length > LONGEST_LIST ? [] : [group]
    const actions = group.actions.filter((action: SpotlightActionData) => {
      const text = wordsOf(`${action.label ?? ''} ${action.description ?? ''}`).join('')
      return words.every((word) => text.includes(word))
    })
    return actions.length === 0 ? [] : [{ ...group, actions }]
  })
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

function isGroup(command: Command): command is SpotlightActionGroupData {
  return 'actions' in command
}
