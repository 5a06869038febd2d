import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import type { AppInfo, FinishedScan, FreeMemory, ScanUpdate } from '#contract/answers.ts'
import {
  chatWishSchema,
  conversationIdSchema,
  conversationSchema,
  openWishSchema,
  sessionIdSchema,
  type ChatAnswer,
  type ChatUpdate,
  type ConversationSummary,
  type FinishedSmokeTest,
  type SessionUpdate,
  type SmokeUpdate,
} from '#contract/chatting.ts'
import {
  endpointIdSchema,
  endpointSchema,
  secretSchema,
  setSecretSchema,
  type KnownEndpoint,
  type SecretsState,
} from '#contract/endpoints.ts'
import {
  downloadIdSchema,
  downloadWishSchema,
  folderSchema,
  importFileSchema,
  libraryFileSchema,
  repositorySchema,
  type Download,
  type Library,
  type LibraryFile,
  type LibraryUpdate,
  type RepositoryFiles,
} from '#contract/library.ts'
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
import type { Conversation } from '#core/chat/conversation.ts'
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
  CANNOT_WRITE_MODEL: { status: 409, data: failure },
  FILE_INVALID: { status: 422, data: failure },
  FILE_NOT_FOUND: { status: 404, data: failure },
  MODEL_TOO_LARGE: { status: 409, data: failure },
  SESSION_GONE: { status: 410, data: failure },
  CHAT_REFUSED: { status: 422, data: failure },
  NETWORK_FAILED: { status: 502, data: failure },
  SERVER_REFUSED: { status: 502, data: failure },
  ACCESS_DENIED: { status: 403, data: failure },
  RATE_LIMITED: { status: 429, data: failure },
  REMOTE_NOT_FOUND: { status: 404, data: failure },
  DOWNLOAD_CORRUPT: { status: 502, data: failure },
  DOWNLOAD_CANCELLED: { status: 499, data: failure },
  LICENSE_NOT_ACCEPTED: { status: 409, data: failure },
  CANNOT_STORE_SECRET: { status: 409, data: failure },
  UNKNOWN_ENDPOINT: { status: 404, data: failure },
  UNKNOWN_DOWNLOAD: { status: 404, data: failure },
  UNKNOWN_CONVERSATION: { status: 404, data: failure },
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
  library: {
    /** Looks for GGUF files on this machine: names at once, headers as they are read; returns all of it. */
    scan: procedure.output(eventIterator(answer<LibraryUpdate>(), answer<Library>())),
    addFolder: procedure.input(folderSchema).output(answer<readonly string[]>()),
    removeFolder: procedure.input(folderSchema).output(answer<readonly string[]>()),
    /** Adds one file; copying tells how far it is. Returns it as the library lists it. */
    importFile: procedure
      .input(importFileSchema)
      .output(eventIterator(answer<{ readonly fraction: number }>(), answer<LibraryFile>())),
    /** Deletes a file of the app's own folder; a referenced one is only forgotten. */
    remove: procedure.input(libraryFileSchema).output(answer<void>()),
  },
  downloads: {
    /** What a repository of the hub offers. */
    files: procedure.input(repositorySchema).output(answer<RepositoryFiles>()),
    /** Starts, or goes on where it stopped; answers at once. */
    start: procedure.input(downloadWishSchema).output(answer<Download>()),
    /** All downloads, whenever one changes, some times a second, until the caller stops reading. */
    watch: procedure.output(eventIterator(answer<readonly Download[]>())),
    pause: procedure.input(downloadIdSchema).output(answer<void>()),
    resume: procedure.input(downloadIdSchema).output(answer<void>()),
    /** Stops it and removes what was fetched of it; of one that has ended only the entry. */
    cancel: procedure.input(downloadIdSchema).output(answer<void>()),
  },
  sessions: {
    /** Loads a model (or joins a window that has it) and holds it until the caller stops reading. */
    open: procedure.input(openWishSchema).output(eventIterator(answer<SessionUpdate>())),
    /** Answers the last message; leaving the stream stops it. */
    chat: procedure.input(chatWishSchema).output(eventIterator(answer<ChatUpdate>(), answer<ChatAnswer>())),
    /** Ends the answer that is coming with what there is: the stream of `chat` then returns it. */
    stop: procedure.input(sessionIdSchema).output(answer<void>()),
  },
  smokeTests: {
    /** Opens the model, runs the checks and the bench, and returns what is then kept. */
    run: procedure
      .input(openWishSchema)
      .output(eventIterator(answer<SmokeUpdate>(), answer<FinishedSmokeTest>())),
  },
  conversations: {
    list: procedure.output(answer<readonly ConversationSummary[]>()),
    get: procedure.input(conversationIdSchema).output(answer<Conversation>()),
    save: procedure.input(conversationSchema).output(answer<void>()),
    /** `restore` brings it back until the app ends. */
    remove: procedure.input(conversationIdSchema).output(answer<void>()),
    restore: procedure.input(conversationIdSchema).output(answer<void>()),
  },
  endpoints: {
    list: procedure.output(answer<readonly KnownEndpoint[]>()),
    /** Adds it, or changes the one of this id. */
    save: procedure.input(endpointSchema).output(answer<readonly KnownEndpoint[]>()),
    remove: procedure.input(endpointIdSchema).output(answer<readonly KnownEndpoint[]>()),
    /** Asks it which models it has. */
    models: procedure.input(endpointIdSchema).output(answer<readonly string[]>()),
  },
  secrets: {
    state: procedure.output(answer<SecretsState>()),
    set: procedure.input(setSecretSchema).output(answer<void>()),
    remove: procedure.input(secretSchema).output(answer<void>()),
  },
  settings: {
    get: procedure.output(answer<Settings>()),
    /** Changes the given parts and answers all settings. */
    set: procedure.input(settingsChangeSchema).output(answer<Settings>()),
  },
}
