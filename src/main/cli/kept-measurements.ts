import { openMeasurementStore, type MeasurementStore } from '#backend/store/measurement-store.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { MachineSpeed, Measurement, Measurements } from '#core/measure/measurement.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'
import type { CliContext } from './cli-context.ts'

/** Works with the kept measurements of this user and closes them, so that no file of a writer's is left beside them. */
export async function withMeasurements<Result>(
  context: CliContext,
  work: (store: MeasurementStore) => Promise<Result>,
): Promise<Result> {
  const store = openMeasurementStore(context.userFolder)
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

/** What was measured; a file that cannot be read costs its corrections, not the answer. */
export async function readMeasurements(context: CliContext): Promise<Measurements> {
  try {
    return await withMeasurements(context, (store) => store.list())
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    context.writeError(`inhouse: ${error.message} ${error.nextStep}\n`)
    return { runs: [], machines: [], smokes: [] }
  }
}

/** The answer does not depend on it: a measurement that cannot be kept is told with the reason. */
export async function keepMeasurement(
  record: Measurement | MachineSpeed | SmokeRecord,
  context: CliContext,
): Promise<void> {
  try {
    await withMeasurements(context, (store) => store.add(record))
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    context.writeError(`inhouse: the measurement is not kept. ${error.message} ${error.nextStep}\n`)
  }
}
