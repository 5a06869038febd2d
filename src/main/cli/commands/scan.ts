import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { machineJson } from '../json/machine-json.ts'
import { openSession } from '../open-session.ts'

export interface ScanOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly replay?: string
}

/** `inhouse scan`. */
export async function scan(options: ScanOptions, context: CliContext): Promise<void> {
  const { machine } = await openSession(options, context)
  if (options.json === true) return writeJson(context, { machine: machineJson(machine) })
  const { machineText } = await import('../text/machine-text.ts')
  await context.write(machineText(machine, { style: context.style, explain: options.explain === true }))
}
