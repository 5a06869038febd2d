import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { examples } from './input/command-parts.ts'
import { addMachineOptions } from './input/machine-options.ts'
import { usageError } from './usage-error.ts'

const loadLibrary = () => import('./commands/library.ts')
const JSON_OPTION = ['--json', 'print JSON for scripts (documented by: inhouse schema)'] as const

/** `inhouse library` and what can be done with it. */
export function addLibrary(program: Command, context: CliContext): void {
  const command = program
    .command('library')
    .description('the model files on this machine, and which of them fit')
    .addHelpText(
      'after',
      examples(
        ['inhouse library', 'everything found, here and in the folders of other programs'],
        ['inhouse library add ~/models', 'look in this folder, too'],
        ['inhouse library import ~/Downloads/model.gguf', 'use this one file where it lies'],
        ['inhouse library import /mnt/usb/model.gguf --copy', "copy it into the app's own folder"],
        ['inhouse library remove ~/models', 'look there no more; its files stay'],
      ),
    )
  addMachineOptions(
    command
      .command('list', { isDefault: true })
      .description('all model files, with size, quantization, context, license, and whether they fit')
      .option(...JSON_OPTION),
  )
    .allowExcessArguments()
    .action(async (options, { args: [unknown] }) => {
      if (unknown !== undefined)
        throw usageError(
          `library cannot "${unknown}".`,
          'It can list, add, remove and import: inhouse library --help',
        )
      return (await loadLibrary()).listLibrary(options, context)
    })
  command
    .command('add')
    .description('look for models in this folder from now on')
    .argument('<folder>')
    .action(async (folder) => (await loadLibrary()).addToLibrary(folder, context))
  command
    .command('remove')
    .description("look in a folder no more, forget an imported file, or delete one of the app's own folder")
    .argument('<path>', 'of a folder or a file')
    .action(async (path) => (await loadLibrary()).removeFromLibrary(path, context))
  command
    .command('import')
    .description('add one file: used where it lies, or copied')
    .argument('<file>', 'a GGUF file; of a sharded model any part')
    .option('--copy', "copy it into the app's own folder")
    .option(...JSON_OPTION)
    .action(async (file, options) => (await loadLibrary()).importIntoLibrary(file, options, context))
}
