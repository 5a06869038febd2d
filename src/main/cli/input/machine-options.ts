import { Option } from 'commander'
import type { Command } from 'commander'
import { BACKENDS, type Backend } from '#core/machine/machine.ts'
import type { WhatIf } from '#core/machine/what-if.ts'
import { choiceOption, valueOption } from './option-types.ts'
import { parseMemorySize } from './parse-memory-size.ts'
import { parseWholeNumber } from './parse-whole-number.ts'

/** The options that say which machine is meant; the same on every command. */
export interface MachineOptions {
  readonly gpu?: readonly string[]
  readonly vram?: number
  readonly ram?: number
  readonly cpuCores?: number
  readonly backend?: Backend
  readonly machine?: string
}

/** More cores than any machine has is a typing slip. */
const MOST_CPU_CORES = 4096

/** Adds the machine options to a command, under a heading of their own. */
export function addMachineOptions(command: Command): Command {
  const collect = (name: string, names: readonly string[] | undefined): readonly string[] => [
    ...(names ?? []),
    name,
  ]
  return command
    .optionsGroup('Another machine than this one ("as if"):')
    .addOption(
      new Option(
        '--gpu <name>',
        'a GPU it has: "RTX 4090", "2x RTX 3090", "M2 Max 38", none (repeatable)',
      ).argParser(collect),
    )
    .addOption(
      valueOption('--vram <size>', 'memory of that GPU, where it comes in several: 16GB', parseMemorySize),
    )
    .addOption(valueOption('--ram <size>', 'its memory: 64GB', parseMemorySize))
    .addOption(
      valueOption('--cpu-cores <n>', 'its physical cores', (text) =>
        parseWholeNumber(text, { what: 'the number of cores', least: 1, most: MOST_CPU_CORES }),
      ),
    )
    .addOption(choiceOption('--backend <name>', 'run on this backend only', BACKENDS))
    .addOption(new Option('--machine <file>', 'a machine saved with scan --json'))
    .optionsGroup('Options:')
}

/** The made-up part of the machine; null when nothing is made up. */
export function whatIfOf(options: MachineOptions): WhatIf | null {
  const { gpu, vram, ram, cpuCores, backend } = options
  if ([gpu, vram, ram, cpuCores, backend].every((value) => value === undefined)) return null
  return {
    gpus: gpu ?? [],
    vramBytes: vram ?? null,
    ramBytes: ram ?? null,
    cpuCores: cpuCores ?? null,
    backend: backend ?? null,
  }
}
