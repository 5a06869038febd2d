/** A thing the palette can do; the component library's own type says the same and more. */
export interface Command {
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly onClick: () => void
}

export interface CommandGroup {
  readonly group: string
  readonly actions: Command[]
}

/** Groups this long are a catalogue: listed once something was typed. */
const LONGEST_LIST = 20

/** Commands whose name holds every typed word, punctuation ignored: "qwen3 30b" finds "Qwen3 30B-A3B". */
export function matchingCommands(query: string, groups: readonly CommandGroup[]): CommandGroup[] {
  const words = wordsOf(query)
  return groups.flatMap((group) => {
    if (words.length === 0) return group.actions.length > LONGEST_LIST ? [] : [group]
    const actions = group.actions.filter((action) => {
      const text = wordsOf(`${action.label} ${action.description ?? ''}`).join('')
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
