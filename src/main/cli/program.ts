import { Command, Option } from 'commander'
import { LICENSE_NEEDS, USE_CASES } from '#core/advise/needs.ts'
import { addChat } from './chat-commands.ts'
import type { CliContext } from './cli-context.ts'
import {
  addOutputOptions,
  addPlanOptions,
  contextOption,
  examples,
  limit,
  users,
} from './input/command-parts.ts'
import { addMachineOptions } from './input/machine-options.ts'
import { choiceOption, valueOption } from './input/option-types.ts'
import { parseFileSize } from './input/parse-file-size.ts'
import { parseNumber } from './input/parse-number.ts'
import { addDownload } from './download-commands.ts'
import { addLibrary } from './library-commands.ts'
import { addMeasure, addMeasurements } from './measuring-commands.ts'
import { parseWholeNumber } from './input/parse-whole-number.ts'
import { addSmoke } from './smoke-commands.ts'

function addScan(program: Command, context: CliContext): void {
  addMachineOptions(
    addOutputOptions(
      program.command('scan').description('look at this machine: GPU, memory, CPU, disks, backends'),
    ),
  )
    .addOption(
      new Option(
        '--replay <file>',
        'the verdict for a recorded machine (a bundle of doctor, or one recorded sample)',
      ).conflicts('machine'),
    )
    .option('--measure', 'also time how fast it reads and computes, in some seconds, and keep that')
    .addHelpText(
      'after',
      examples(
        ['inhouse scan', 'what this machine has'],
        ['inhouse scan --json > machine.json', 'save it for --machine on another machine'],
        ['inhouse scan --gpu "2x RTX 3090" --ram 128GB', 'a machine made up'],
        ['inhouse scan --measure', 'so that every estimate here is better'],
        ['inhouse scan --replay out.json', 'the machine of a bug report'],
      ),
    )
    .action(async (options) => (await import('./commands/scan.ts')).scan(options, context))
}

function addRecommend(program: Command, context: CliContext): void {
  const command = program.command('recommend').description('which model to run here, how fast, and why')
  addMachineOptions(addOutputOptions(command))
    .addOption(choiceOption('--use-case <name>', 'what it is for (default: chat)', USE_CASES))
    .addOption(contextOption())
    .addOption(valueOption('--users <n>', 'users at once (default: 1)', users))
    .addOption(
      valueOption('--min-speed <n>', 'least tokens per second for each user (default: 5)', (text) =>
        parseNumber(text, { what: 'the least speed', least: 0, most: 100_000 }),
      ),
    )
    .addOption(choiceOption('--license <need>', 'what the license must allow (default: any)', LICENSE_NEEDS))
    .addOption(valueOption('--max-file <size>', 'largest file to download: 20GB', parseFileSize))
    .addOption(valueOption('--limit <n>', 'how many to list (default: the three picks)', limit))
    .option('--use-reserve', 'use the memory kept in reserve too, at the risk of running out')
    .option('--include-superseded', 'also models that have a better successor of the same size and license')
    .addHelpText(
      'after',
      examples(
        ['inhouse recommend', 'the three picks for this machine'],
        ['inhouse recommend --use-case code --context 32k --users 4', 'for four programmers'],
        ['inhouse recommend --gpu "RTX 4090" --ram 64GB', 'if it had this GPU'],
        ['inhouse recommend --license commercial --limit 10 --json', 'for a script'],
      ),
    )
    .action(async (options) => (await import('./commands/recommend.ts')).recommend(options, context))
}

function addPlan(program: Command, context: CliContext): void {
  const command = program
    .command('plan')
    .description('one model on this machine: where every byte goes, how fast, and what else fits')
    .argument('[model]', 'catalogue id, its last part, or the common short name: llama-3.1-8b, qwen3-30b-a3b')
  addPlanOptions(addMachineOptions(addOutputOptions(command)))
    .addOption(
      choiceOption('--engine <name>', 'what runs it (default: llama.cpp)', [
        'llama.cpp',
        'ollama',
        'mlx',
        'vllm',
      ]),
    )
    .option('--use-reserve', 'use the memory kept in reserve too, at the risk of running out')
    .addOption(
      new Option(
        '--exact',
        "memory to the byte from llama.cpp's own allocator, without a download; only of this machine",
      ).conflicts('batch'),
    )
    .option(
      '--batch <file>',
      'many plans: JSON lines in (a file, or - for stdin), one JSON line out for each',
    )
    .addHelpText(
      'after',
      examples(
        ['inhouse plan llama-3.1-8b', 'on this machine'],
        ['inhouse plan qwen3-30b-a3b --quant Q6_K --context 32k', 'better quantization, longer context'],
        ['inhouse plan gpt-oss-120b --gpu "2x RTX 3090" --ram 128GB', 'on a machine made up'],
        ['inhouse plan llama-3.3-70b --exact', "ask llama.cpp's allocator, about this machine"],
        ['inhouse plan --batch plans.jsonl > answers.jsonl', 'a thousand of them'],
      ),
    )
    .action(async (model, options) => (await import('./commands/plan.ts')).plan(model, options, context))
}

function addModels(program: Command, context: CliContext): void {
  const command = program
    .command('models')
    .description('the models of the catalogue')
    .argument('[search...]', 'words of the name, the family or the developer')
  addMachineOptions(addOutputOptions(command))
    .addOption(choiceOption('--use-case <name>', 'only models made for it', USE_CASES))
    .option('--family <name>', 'only this family: qwen, llama')
    .option('--developer <name>', 'only this developer')
    .addOption(choiceOption('--license <need>', 'only licenses that allow it', LICENSE_NEEDS))
    .option('--fits', 'only models that fit this machine, with the best plan of each')
    .addOption(valueOption('--limit <n>', 'how many to list (default: all)', limit))
    .addHelpText(
      'after',
      examples(
        ['inhouse models qwen3', 'by name'],
        ['inhouse models --use-case code --license commercial', 'by use and license'],
        ['inhouse models --fits --gpu "RTX 3060 12GB"', 'what would fit that GPU'],
      ),
    )
    .action(async (search, options) =>
      (await import('./commands/models.ts')).models(search, options, context),
    )
}

function addAccelerators(program: Command, context: CliContext): void {
  const command = program
    .command('accelerators')
    .description('the accelerators of the catalogue, with memory and bandwidth')
    .argument('[search...]', 'words of the name, the vendor or the architecture')
  addMachineOptions(addOutputOptions(command))
    .option('--here', 'only those of this machine (or of the machine of --machine and --gpu)')
    .addOption(valueOption('--limit <n>', 'how many to list (default: all)', limit))
    .addHelpText(
      'after',
      examples(
        ['inhouse accelerators 4090', 'by name'],
        ['inhouse accelerators --here --explain', 'those of this machine, with sources'],
      ),
    )
    .action(async (search, options) =>
      (await import('./commands/accelerators.ts')).accelerators(search, options, context),
    )
}

function addDoctor(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('a report to paste into a bug report; without serial numbers, names or addresses')
  addMachineOptions(addOutputOptions(command))
    .addOption(
      new Option(
        '--bundle <file>',
        'also record what every tool printed, for: inhouse scan --replay',
      ).conflicts('machine'),
    )
    .option('--force', 'overwrite the bundle if it exists')
    .addHelpText(
      'after',
      examples(
        ['inhouse doctor', 'the report'],
        ['inhouse doctor --bundle out.json', 'with the raw outputs, scrubbed'],
      ),
    )
    .action(async (options) => (await import('./commands/doctor.ts')).doctor(options, context))
}

function addSchema(program: Command, context: CliContext): void {
  program
    .command('schema')
    .description('the JSON Schema of every --json output')
    .argument(
      '[output]',
      'one of them: scan, recommend, plan, batch-line, batch-answer, measure, measurements, import, chat, smoke, models, accelerators, doctor, library, library-file, download, download-list',
    )
    .option('--json', 'accepted for symmetry: the schema is JSON')
    .addHelpText('after', examples(['inhouse schema', 'all of them'], ['inhouse schema plan', 'one of them']))
    .action(async (output) => (await import('./commands/schema.ts')).schema(output, context))
}

function addUi(program: Command, context: CliContext): void {
  program
    .command('ui')
    .description('serve the app to a browser on this machine')
    .addOption(
      valueOption('--port <n>', 'port to listen on (default: a free one)', (text) =>
        parseWholeNumber(text, { what: 'the port', least: 0, most: 65_535 }),
      ),
    )
    .option('--host <address>', 'address to listen on; any but loopback opens it to the network', '127.0.0.1')
    .option('--no-open', 'do not open a browser')
    .addHelpText(
      'after',
      examples(
        ['inhouse ui', 'and open the browser'],
        ['inhouse ui --port 8080 --no-open', 'on a server, through an SSH tunnel'],
      ),
    )
    .action(async (options) => (await import('./commands/ui.ts')).ui(options, context))
}

/** The whole command line; each command's code is loaded when it is run, so that a start costs only what it uses. */
export function createProgram(context: CliContext): Command {
  const program = new Command('inhouse')
    .description('Which open model can this machine run, how fast, and why.')
    .version(context.version, '-v, --version')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void context.write(text), writeErr: () => undefined })
  const adders = [
    addScan,
    addRecommend,
    addPlan,
    addMeasure,
    addMeasurements,
    addChat,
    addSmoke,
    addModels,
    addLibrary,
    addDownload,
    addAccelerators,
    addDoctor,
    addSchema,
    addUi,
  ]
  for (const add of adders) add(program, context)
  return program.addHelpText(
    'after',
    examples(
      ['inhouse recommend', 'start here'],
      ['inhouse plan llama-3.1-8b', 'one model in depth'],
      ['inhouse measure llama-3.1-8b --quick', 'how fast it really is here, without its download'],
      ['inhouse <command> --help', 'options and examples of a command'],
    ),
  )
}
