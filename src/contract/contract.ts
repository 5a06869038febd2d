import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import type { AppInfo, FinishedScan, FreeMemory, ScanUpdate } from '#contract/answers.ts'
import { settingsChangeSchema, type Settings } from '#contract/settings.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'

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
  settings: {
    get: procedure.output(answer<Settings>()),
    /** Changes the given parts and answers all settings. */
    set: procedure.input(settingsChangeSchema).output(answer<Settings>()),
  },
}
