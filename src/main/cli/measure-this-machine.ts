import { createMeasuring } from '#backend/llama/measuring.ts'
import type { MachineSpeed } from '#core/measure/measurement.ts'
import { untilCancelled } from './cancel-signal.ts'
import type { CliContext } from './cli-context.ts'
import { followProgress } from './follow-progress.ts'
import { keepMeasurement } from './kept-measurements.ts'
import type { Session } from './open-session.ts'
import { machineProgressText } from './text/measure-progress-text.ts'

/** Times small shapes on this machine and keeps what it found. */
export async function measureThisMachine(
  { machine, catalogue }: Session,
  context: CliContext,
): Promise<MachineSpeed> {
  const measuring = createMeasuring(context)
  try {
    context.writeError(
      'Measuring how fast this machine reads and computes: some seconds, nothing is downloaded.\n',
    )
    return await untilCancelled(async (signal) => {
      const running = measuring.measureMachine(machine, catalogue, signal)
      const speed = await followProgress(running, context, machineProgressText)
      await keepMeasurement(speed, context)
      return speed
    })
  } finally {
    measuring.close()
  }
}
