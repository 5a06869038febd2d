import { loadCatalogue } from '#backend/catalog/catalog.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { calibrateSpeedModel } from '#core/measure/calibrate-speed-model.ts'
import type { Measurements } from '#core/measure/measurement.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import { machineAsIf } from './as-if-machines.ts'
import type { CliContext } from './cli-context.ts'
import { whatIfOf } from './input/machine-options.ts'
import type { MachineOptions } from './input/machine-options.ts'
import { readMeasurements } from './kept-measurements.ts'

/** What every command decides from. */
export interface Session {
  /** Its speed model leans on what was measured on machines like this one. */
  readonly catalogue: Catalogue
  readonly machine: Machine
  readonly measurements: Measurements
  /** The formulas alone, as shipped. */
  readonly shippedSpeedModel: SpeedModel
}

/** Where a machine may come from; `replay` only where a command offers it. */
export interface SessionOptions extends MachineOptions {
  readonly replay?: string
}

/** The catalogue with the user's own records; broken ones of those are named on stderr, the rest is used. */
export async function openCatalogue(context: CliContext): Promise<Catalogue> {
  const catalogue = await loadCatalogue({ dataFolder: context.dataFolder, userFolder: context.userFolder })
  for (const { file, line, message } of catalogue.problems) {
    context.writeError(`inhouse: ${file}${line === null ? '' : `:${line}`}: ${message}\n`)
  }
  return catalogue
}

async function baseMachine(
  options: SessionOptions,
  loading: Promise<Catalogue>,
  context: CliContext,
): Promise<Machine> {
  if (options.machine !== undefined) {
    const { readSavedMachine } = await import('./input/read-saved-machine.ts')
    return readSavedMachine(options.machine)
  }
  if (options.replay !== undefined) {
    const { readRecording } = await import('./input/read-recording.ts')
    return readRecording(options.replay, (await loading).accelerators)
  }
  const { scanHere } = await import('./scan-here.ts')
  return (await scanHere(loading, context)).machine
}

/** Loads the catalogue and what was measured, and finds out about the machine, side by side. */
export async function openSession(options: SessionOptions, context: CliContext): Promise<Session> {
  const loading = openCatalogue(context)
  const [shipped, found, measurements] = await Promise.all([
    loading,
    baseMachine(options, loading, context),
    readMeasurements(context),
  ])
  const machine = machineAsIf(found, whatIfOf(options), shipped.accelerators)
  const speedModel = calibrateSpeedModel(shipped, machine, measurements)
  return {
    catalogue: { ...shipped, speedModel },
    machine,
    measurements,
    shippedSpeedModel: shipped.speedModel,
  }
}
