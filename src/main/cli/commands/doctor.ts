import { homedir } from 'node:os'
import { readEngineVersions } from '#backend/llama/engine-versions.ts'
import { currentIdentity, doctorReport, recordBundle } from '#backend/probe/doctor.ts'
import type { DoctorVersions } from '#backend/probe/doctor.ts'
import type { ScanResult } from '#backend/probe/probe.ts'
import { scrub } from '#backend/probe/scrub.ts'
import type { Machine } from '#core/machine/machine.ts'
import { machineAsIf } from '../as-if-machines.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { whatIfOf } from '../input/machine-options.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { readSavedMachine } from '../input/read-saved-machine.ts'
import { machineJson } from '../json/machine-json.ts'
import { openCatalogue } from '../open-session.ts'
import { scanHere } from '../scan-here.ts'
import { writeNewFile } from '../write-new-file.ts'

export interface DoctorOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly bundle?: string
  readonly force?: boolean
}

/** A saved machine comes without tools and raw outputs; what is made up changes the machine, never what tools said. */
async function examined(options: DoctorOptions, context: CliContext): Promise<ScanResult> {
  const loading = openCatalogue(context)
  const scanning: Promise<ScanResult> =
    options.machine === undefined
      ? scanHere(loading, context)
      : readSavedMachine(options.machine).then((machine) => ({
          machine,
          tools: [],
          raw: { os: machine.os.platform, raw: {} },
        }))
  const [catalogue, scan] = await Promise.all([loading, scanning])
  return { ...scan, machine: machineAsIf(scan.machine, whatIfOf(options), catalogue.accelerators) }
}

/** The machine without names, serials and addresses in any of its texts. */
function scrubbedMachine(machine: Machine): unknown {
  const identity = currentIdentity()
  return JSON.parse(JSON.stringify(machineJson(machine)), (_key, value: unknown) =>
    typeof value === 'string' ? scrub(value, identity) : value,
  )
}

/** Beside the report, not in it: written with ~ so that a pasted terminal names nobody. */
function ownFolder({ userFolder }: CliContext): string {
  return userFolder.replace(homedir(), '~')
}

/** `inhouse doctor`. */
export async function doctor(options: DoctorOptions, context: CliContext): Promise<void> {
  const scan = await examined(options, context)
  const versions: DoctorVersions = { appVersion: context.version, ...(await readEngineVersions()) }
  if (options.bundle !== undefined) {
    const bundle = `${JSON.stringify(recordBundle(scan, versions), null, 2)}\n`
    await writeNewFile(options.bundle, bundle, options.force === true)
    context.writeError(
      `Recorded in ${options.bundle}; replay it with: inhouse scan --replay ${options.bundle}\n`,
    )
  }
  const report = doctorReport(scan, versions)
  if (options.json === true) {
    const machine = scrubbedMachine(scan.machine)
    return writeJson(context, {
      version: context.version,
      nodeVersion: process.versions.node,
      machine,
      report,
    })
  }
  await context.write(report)
  context.writeError(`Models and accelerators of your own are read from ${ownFolder(context)}\n`)
  if (options.explain !== true) return
  const { machineSources } = await import('../text/machine-text.ts')
  await context.write(scrub(machineSources(scan.machine), currentIdentity()))
}
