import type { Command } from 'commander'
import type { Backend } from '#core/machine/machine.ts'
import type { CliContext } from './cli-context.ts'
import type { InhouseError } from '#contract/inhouse-error.ts'
import { addOutputOptions, addPlanOptions, examples } from './input/command-parts.ts'
import { choiceOption, valueOption } from './input/option-types.ts'
import { parseStreams } from './input/parse-streams.ts'
import { usageError } from './usage-error.ts'

/** What llama.cpp is bundled for; nothing else can be run here. */
const BUNDLED_BACKENDS: readonly Backend[] = ['cuda', 'vulkan', 'metal', 'cpu']

const loadMeasurements = () => import('./commands/measurements.ts')

/** `inhouse measure`. */
export function addMeasure(program: Command, context: CliContext): void {
  const command = program
    .command('measure')
    .description('how fast a model really runs on this machine and what it takes, without downloading it')
    .argument('<model>', 'catalogue id, its last part, or the common short name: llama-3.1-8b, qwen3-30b-a3b')
  addPlanOptions(addOutputOptions(command))
    .addOption(choiceOption('--backend <name>', 'run on this backend only', BUNDLED_BACKENDS))
    .option('--quick', 'as many layers as some fifteen seconds allow, the rest worked out; no memory figures')
    .addOption(
      valueOption(
        '--streams <list>',
        'streams to decode at once, besides one (default: 1,2,4,8; quick: 1)',
        parseStreams,
      ),
    )
    .option('--force', 'run it although it would fill the memory')
    .addHelpText(
      'after',
      examples(
        ['inhouse measure llama-3.1-8b --quick', 'within some fifteen seconds'],
        ['inhouse measure qwen3-8b --quant Q6_K --context 32k', 'the whole model, with its memory'],
        ['inhouse measure qwen3-8b --streams 1,16 --json', 'one against sixteen at once, for a script'],
      ),
    )
    .action(async (model, options) =>
      (await import('./commands/measure.ts')).measure(model, options, context),
    )
}

/** The list is what `measurements` does without a word, so a word it does not know reaches it. */
function unknownAction(word: string): InhouseError {
  return usageError(
    `measurements cannot "${word}".`,
    'It can list, export, import, remove and restore: inhouse measurements --help',
  )
}

/** `inhouse measurements` and what can be done with them. */
export function addMeasurements(program: Command, context: CliContext): void {
  const command = program
    .command('measurements')
    .description('what was measured, here and imported; it corrects the estimates of every command')
    .addHelpText(
      'after',
      examples(
        ['inhouse measurements', 'all of them, beside what was estimated'],
        ['inhouse measurements export here.jsonl', 'for a colleague with the same machine'],
        ['inhouse measurements import there.jsonl', 'what a colleague measured'],
        ['inhouse measurements remove 3f2a91c0', 'leave one out of the corrections'],
      ),
    )
  command
    .command('list', { isDefault: true })
    .description('all of them, newest first, beside what was estimated')
    .option('--json', 'print JSON for scripts (documented by: inhouse schema)')
    .allowExcessArguments()
    .action(async (options, { args: [unknown] }) => {
      if (unknown !== undefined) throw unknownAction(unknown)
      return (await loadMeasurements()).listMeasurements(options, context)
    })
  command
    .command('export')
    .description('write them as JSON lines')
    .argument('[file]', 'default: stdout')
    .option('--force', 'overwrite the file if it exists')
    .action(async (file, options) => (await loadMeasurements()).exportMeasurements(file, options, context))
  command
    .command('import')
    .description('add what export wrote; what is kept already stays as it is')
    .argument('<file>')
    .option('--json', 'print JSON for scripts (documented by: inhouse schema)')
    .action(async (file, options) => (await loadMeasurements()).importMeasurements(file, options, context))
  command
    .command('remove')
    .description('leave some out of lists and corrections')
    .argument('<id...>', 'ids, or their first characters')
    .action(async (ids) => (await loadMeasurements()).removeMeasurements(ids, context))
  command
    .command('restore')
    .description('bring removed ones back')
    .argument('<id...>', 'whole ids')
    .action(async (ids) => (await loadMeasurements()).restoreMeasurements(ids, context))
}
