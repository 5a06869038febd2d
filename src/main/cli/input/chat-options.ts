import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Adapter, OpenWish, Target } from '#contract/chatting.ts'
import type { TargetOptions } from '../with-chat.ts'
import { valueOption } from './option-types.ts'
import { parseAdapter } from './parse-adapter.ts'
import { parseGpuLayers } from './parse-gpu-layers.ts'
import { parseTokenCount } from './parse-token-count.ts'

/** What answers and how it is loaded, as a command line says it. */
export interface ChatOptions extends TargetOptions {
  readonly lora?: readonly Adapter[]
  readonly context?: number
  readonly gpuLayers?: number | 'auto' | 'all'
  readonly force?: boolean
}

/** More layers than any model has: the engine takes as many as there are. */
const ALL_LAYERS = 10_000

/** The options of commands that open a model. */
export function addChatOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--lora <file[:scale]>',
        'apply a LoRA adapter (GGUF or PEFT), as often as you like',
      ).argParser(addAdapter),
    )
    .addOption(
      valueOption(
        '--context <tokens>',
        'context: 8192, 32k (default: as much as fits, to 8k)',
        parseTokenCount,
      ),
    )
    .addOption(
      valueOption(
        '--gpu-layers <n>',
        'layers on the GPU: a number, all or auto (default: auto)',
        parseGpuLayers,
      ),
    )
    .option('--force', 'load it although it is larger than the memory that is free')
    .option('--endpoint <url>', 'ask an OpenAI-compatible server; a key is read from INHOUSE_API_KEY')
    .option('--model <name>', 'its model')
}

function addAdapter(text: string, before: readonly Adapter[] | undefined): readonly Adapter[] {
  const result = parseAdapter(text)
  if (result.kind === 'error') throw new InvalidArgumentError(`${result.message}.`)
  return [...(before ?? []), result.value]
}

/** A target with the options it is opened with. */
export function openWishOf(target: Target, options: ChatOptions): OpenWish {
  const { context, force = false, gpuLayers = 'auto', lora = [] } = options
  return {
    target,
    contextTokens: context ?? null,
    gpuLayers: gpuLayers === 'all' ? ALL_LAYERS : gpuLayers,
    adapters: lora,
    force,
  }
}
