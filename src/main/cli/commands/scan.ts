import type { MachineSpeed } from '#core/measure/measurement.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { machineJson } from '../json/machine-json.ts'
import { openSession } from '../open-session.ts'
import type { Session } from '../open-session.ts'
import { checkThisMachine } from '../this-machine.ts'

export interface ScanOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly replay?: string
  readonly measure?: boolean
}

/** The newest kept; of a machine that is made up, what was measured on one like it. */
function keptSpeed({ machine, measurements }: Session): MachineSpeed | null {
  const fingerprint = machineFingerprint(machine)
  return measurements.machines.find((speed) => speed.machine === fingerprint) ?? null
}

/** `inhouse scan`. */
export async function scan(options: ScanOptions, context: CliContext): Promise<void> {
  if (options.measure === true) checkThisMachine({ ...options }, '--measure')
  const session = await openSession(options, context)
  const { machine } = session
  const speed =
    options.measure === true
      ? await (await import('../measure-this-machine.ts')).measureThisMachine(session, context)
      : keptSpeed(session)
  if (options.json === true) return writeJson(context, { machine: machineJson(machine), speed })
  const { machineText } = await import('../text/machine-text.ts')
  await context.write(
    machineText({ machine, speed }, { style: context.style, explain: options.explain === true }),
  )
}
