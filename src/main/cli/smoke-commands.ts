import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { addChatOptions } from './input/chat-options.ts'
import { examples } from './input/command-parts.ts'

/** `inhouse smoke`. */
export function addSmoke(program: Command, context: CliContext): void {
  const command = program
    .command('smoke')
    .description('load a model, ask it nine small questions, time it, and say whether it is in order')
    .argument('[model]', 'a GGUF file, or the name of a model on this machine (default: the pilot)')
    .argument('[other]', 'a second one, to compare: another quantization of it')
  addChatOptions(command)
    .option('--transcript', 'what was asked and said, of every check (of failed ones it is always shown)')
    .option('--json', 'print JSON for scripts (documented by: inhouse schema)')
    .addHelpText(
      'after',
      examples(
        ['inhouse smoke', 'the pilot: does the engine work here?'],
        ['inhouse smoke model.gguf', 'a file; exit code 1 when it fails or is no model'],
        ['inhouse smoke qwen3-8b:Q4_K_M qwen3-8b:Q8_0', 'what quantization costs'],
        ['inhouse smoke model.gguf --lora style.gguf:0.5', 'without the adapter, and with it'],
        ['inhouse smoke --endpoint http://127.0.0.1:11434/v1 --model llama3.2', 'another engine'],
      ),
    )
    .action(async (model, other, options) =>
      (await import('./commands/smoke.ts')).smoke([model, other], options, context),
    )
}
