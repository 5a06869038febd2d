import { InvalidArgumentError, Option } from 'commander'
import type { ParsedInput } from './parsed-input.ts'

/** Turns a parser of ours into one of the command line's. */
function argumentOf<T>(parse: (text: string) => ParsedInput<T>): (text: string) => T {
  return (text) => {
    const result = parse(text)
    if (result.kind === 'error') throw new InvalidArgumentError(`${result.message}.`)
    return result.value
  }
}

/** An option whose value is parsed: `--ram <size>`. */
export function valueOption<T>(
  flags: string,
  description: string,
  parse: (text: string) => ParsedInput<T>,
): Option {
  return new Option(flags, description).argParser(argumentOf(parse))
}

/** An option that takes one of a few words. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices([...choices])
}
