import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { examples } from './input/command-parts.ts'
import { valueOption } from './input/option-types.ts'
import { parseWebAddress } from './input/parse-web-address.ts'

/** `inhouse download`. */
export function addDownload(program: Command, context: CliContext): void {
  program
    .command('download')
    .description('fetch a model from Hugging Face, checked, and go on where it stopped')
    .argument('<what>', 'a model of the catalogue, or hf:org/repository[/file.gguf][#revision]')
    .option('--quant <name>', 'quantization: Q4_K_M, Q8_0 (default: the recommended one of a model)')
    .option('--list', 'only list the files there are, with their sizes')
    .option('--accept-license', 'you have read what the license asks, and accept it')
    .addOption(
      valueOption('--mirror <url>', 'a mirror of the hub (default: of the settings)', (text) =>
        parseWebAddress(text, 'the mirror'),
      ),
    )
    .addOption(
      valueOption('--proxy <url>', 'a proxy (default: of the settings, else HTTPS_PROXY)', (text) =>
        parseWebAddress(text, 'the proxy'),
      ),
    )
    .option('--json', 'print JSON for scripts (documented by: inhouse schema)')
    .addHelpText(
      'after',
      examples(
        ['inhouse download qwen3-8b', 'in the recommended quantization'],
        ['inhouse download qwen3-8b --list', 'which files there are, and how large'],
        ['inhouse download hf:org/repository --quant Q8_0', 'of any repository'],
        ['inhouse download hf:org/repository/file.gguf', 'one very file'],
      ),
    )
    .action(async (what, options) =>
      (await import('./commands/download.ts')).download(what, options, context),
    )
}
