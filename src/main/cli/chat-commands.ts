import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { addChatOptions } from './input/chat-options.ts'
import { examples } from './input/command-parts.ts'
import { valueOption } from './input/option-types.ts'
import { parseNumber } from './input/parse-number.ts'
import { parseWholeNumber } from './input/parse-whole-number.ts'

const MOST_TOKENS = 100_000_000
const MOST_SEED = 0xffff_ffff

/** `inhouse chat`. */
export function addChat(program: Command, context: CliContext): void {
  const command = program
    .command('chat')
    .description('talk with a model: a file on this machine, or one behind an endpoint')
    .argument('[model]', 'a GGUF file, or the name of a model on this machine (default: the pilot)')
    .option(
      '--prompt <text>',
      'ask this, print the answer, and end (else: what is piped in, or a conversation)',
    )
    .option('--system <text>', 'what the model is told before the conversation')
    .option('--json', 'print JSON for scripts (documented by: inhouse schema)')
  addSampling(addChatOptions(command))
    .option('--json-schema <file>', 'the answer is JSON that follows this JSON Schema')
    .option('--against <url>', 'ask this endpoint the same, and set speed and cost side by side')
    .option('--against-model <name>', 'its model')
    .addHelpText(
      'after',
      examples(
        ['inhouse chat', 'with the pilot that ships with Inhouse'],
        ['inhouse chat model.gguf', 'a conversation in this terminal; /help lists what it can do'],
        ['inhouse chat --prompt "What is LoRA?"', 'one answer, and its speed on stderr'],
        ['git diff | inhouse chat qwen3-8b --system "Review this."', 'in a pipe'],
        ['inhouse chat model.gguf --prompt "Hi" --json', 'with its numbers, for a script'],
        ['inhouse chat --prompt "Hi" --against <url> --against-model <name>', 'and an endpoint beside'],
        ['inhouse chat --endpoint http://127.0.0.1:11434/v1 --model llama3.2', 'another engine'],
      ),
    )
    .action(async (model, options) => (await import('./commands/chat.ts')).chat(model, options, context))
}

function addSampling(command: Command): Command {
  const share = (what: string) => (text: string) => parseNumber(text, { what, least: 0, most: 1 })
  return command
    .addOption(
      valueOption('--temperature <n>', 'how much chance decides; 0: the same answer each time', (text) =>
        parseNumber(text, { what: 'the temperature', least: 0, most: 5 }),
      ),
    )
    .addOption(
      valueOption('--top-p <n>', 'share of probability the candidates cover; 1 is off', share('top-p')),
    )
    .addOption(
      valueOption('--top-k <n>', 'candidates kept; 0 is off', (text) =>
        parseWholeNumber(text, { what: 'top-k', least: 0, most: 1_000_000 }),
      ),
    )
    .addOption(
      valueOption(
        '--min-p <n>',
        "least probability, as a share of the likeliest one's; 0 is off",
        share('min-p'),
      ),
    )
    .addOption(
      valueOption('--repeat-penalty <n>', 'above 1, words said lately become less likely; 1 is off', (text) =>
        parseNumber(text, { what: 'the penalty', least: 0.1, most: 5 }),
      ),
    )
    .addOption(
      valueOption('--max-tokens <n>', 'longest answer (default: until the model ends)', (text) =>
        parseWholeNumber(text, { what: 'the longest answer', least: 1, most: MOST_TOKENS }),
      ),
    )
    .addOption(
      valueOption('--seed <n>', 'the same seed gives the same answer', (text) =>
        parseWholeNumber(text, { what: 'the seed', least: 0, most: MOST_SEED }),
      ),
    )
}
