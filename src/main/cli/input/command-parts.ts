import type { Command } from 'commander'
import { choiceOption, valueOption } from './option-types.ts'
import { parseGpuLayers } from './parse-gpu-layers.ts'
import { parseDepth, parseTokenCount } from './parse-token-count.ts'
import { parseWholeNumber } from './parse-whole-number.ts'

const MOST_USERS = 100_000
const MOST_ROWS = 10_000

/** The two ways in which every command answers. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON for scripts (documented by: inhouse schema)')
    .option('--explain', 'say of each figure how it is known, its interval and its source')
}

/** What is to run, apart from the machine and the engine: the same to plan and to measure. */
export function addPlanOptions(command: Command): Command {
  return command
    .option(
      '--quant <name>',
      'quantization: Q4_K_M, Q8_0, MXFP4 (default: the usual four bits of the engine)',
    )
    .addOption(contextOption())
    .addOption(choiceOption('--kv <type>', 'type of the KV cache (default: f16)', ['f16', 'q8_0', 'q4_0']))
    .addOption(valueOption('--users <n>', 'users at once (default: 1)', users))
    .addOption(
      valueOption(
        '--gpu-layers <n>',
        'layers on the GPU: a number, all or auto (default: auto)',
        parseGpuLayers,
      ),
    )
    .addOption(
      valueOption(
        '--depth <tokens>',
        'tokens in the cache when decoding is timed; without --context, the context holds them and 512 more',
        parseDepth,
      ),
    )
}

/** Context of each user. */
export function contextOption() {
  return valueOption('--context <tokens>', 'context of each user: 8192, 32k (default: 8k)', parseTokenCount)
}

export function users(text: string) {
  return parseWholeNumber(text, { what: 'the number of users', least: 1, most: MOST_USERS })
}

export function limit(text: string) {
  return parseWholeNumber(text, { what: 'the limit', least: 1, most: MOST_ROWS })
}

/** The foot of a help page: command lines and what they answer, in two columns. */
export function examples(...lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  return `\nExamples:\n${lines.map(([command, what]) => `  $ ${command.padEnd(width)}   ${what}`).join('\n')}`
}
