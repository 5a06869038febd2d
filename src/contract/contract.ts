import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import type { AppInfo, FinishedScan, FreeMemory, ScanUpdate } from '#contract/answers.ts'
import {
  importSchema,
  measurementIdsSchema,
  measureWishSchema,
  planWishSchema,
  type ImportResult,
  type MachineSpeedUpdate,
  type MeasurePreview,
  type MeasureUpdate,
} from '#contract/measuring.ts'
import { settingsChangeSchema, type Settings } from '#contract/settings.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { MachineSpeed, Measurement, Measurements } from '#core/measure/measurement.ts'
import type { Simulation } from '#core/plan/simulation.ts'

/**
 * Everything a face can ask of the backend. Inputs come from a page and are validated; outputs are made by our own
 * typed code, and the catalogue (megabytes) was validated when it was loaded, so answers pass through unchecked:
 * checking them again would cost tens of milliseconds and could only find a defect of the type checker.
 */
function answer<T>(): z.ZodType<T, T> {
  return z.custom<T>()
}

const failure = z.object({ nextStep: z.string() })

/**
 * The errors a call can end in; `message` says what happened, `data.nextStep` what to do. An `InhouseError` of any other
 * code arrives as `UNEXPECTED`.
 */
export const wireErrors = {
  CATALOGUE_CORRUPT: { status: 500, data: failure },
  STORE_UNWRITABLE: { status: 500, data: failure },
  NOT_SCANNED: { status: 409, data: failure },
  UNKNOWN_MODEL: { status: 404, data: failure },
  UNKNOWN_QUANTIZATION: { status: 404, data: failure },
  ENGINE_MISSING: { status: 409, data: failure },
  ENGINE_CRASHED: { status: 500, data: failure },
  ENGINE_HUNG: { status: 504, data: failure },
  MODEL_REJECTED: { status: 422, data: failure },
  OUT_OF_MEMORY: { status: 507, data: failure },
  DISK_FULL: { status: 507, data: failure },
  MEASURE_REFUSED: { status: 409, data: failure },
  MEASURE_BUSY: { status: 409, data: failure },
  MEASURE_CANCELLED: { status: 499, data: failure },
  UNEXPECTED: { status: 500, data: failure },
} as const

const procedure = oc.errors(wireErrors)

/** The contract between the faces and the backend: the only thing both sides of a wire import. */
export const contract = {
  app: {
    info: procedure.output(answer<AppInfo>()),
  },
  machine: {
    /** Scans; yields what is known whenever a tool answers, returns the finished scan and remembers it. */
    scan: procedure.output(eventIterator(answer<ScanUpdate>(), answer<FinishedScan>())),
    /** The last scan at once (of this or an earlier start); null before the first. */
    last: procedure.output(answer<Machine | null>()),
    /** Free memory of the last scanned machine, about every two seconds, until the caller stops reading. */
    watchFreeMemory: procedure.output(eventIterator(answer<FreeMemory>())),
    /** A paste-ready report for a bug, scrubbed of serials, names and addresses. */
    doctor: procedure.output(answer<string>()),
  },
  catalogue: {
    get: procedure.output(answer<Catalogue>()),
  },
  plans: {
    /** Exact bytes of a plan from llama.cpp's allocator, on the machine last scanned; well under a second. */
    simulate: procedure.input(planWishSchema).output(answer<Simulation>()),
  },
  measurements: {
    /** Everything measured, here and imported. */
    list: procedure.output(answer<Measurements>()),
    /** What a dry run will take, before it starts. */
    preview: procedure.input(measureWishSchema).output(answer<MeasurePreview>()),
    /** Runs it; returns what is then kept. Leaving the stream cancels it and removes its files. */
    run: procedure
      .input(measureWishSchema)
      .output(eventIterator(answer<MeasureUpdate>(), answer<Measurement>())),
    /** Measures how fast this machine reads and computes, in some ten seconds; returns what is then kept. */
    measureMachine: procedure.output(eventIterator(answer<MachineSpeedUpdate>(), answer<MachineSpeed>())),
    /** Removes from use; `restore` brings them back until the app ends. */
    remove: procedure.input(measurementIdsSchema).output(answer<Measurements>()),
    restore: procedure.input(measurementIdsSchema).output(answer<Measurements>()),
    /** JSON lines of everything kept. */
    export: procedure.output(answer<string>()),
    import: procedure.input(importSchema).output(answer<ImportResult>()),
  },
  settings: {
    get: procedure.output(answer<Settings>()),
    /** Changes the given parts and answers all settings. */
    set: procedure.input(settingsChangeSchema).output(answer<Settings>()),
  },
}
