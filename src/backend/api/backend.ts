import { setTimeout as sleep } from 'node:timers/promises'
import { createEndpoints, type Endpoints } from '#backend/api/endpoints.ts'
import { latestValues } from '#backend/api/latest-values.ts'
import { createSessions, type Sessions } from '#backend/api/sessions.ts'
import { runAndKeepSmokeTest } from '#backend/api/smoke-test.ts'
import { createChat } from '#backend/chat/chat.ts'
import { createDownloads, type Downloads } from '#backend/download/downloads.ts'
import { createLibrary, type Library } from '#backend/library/library.ts'
import { conversationStore, type ConversationStore } from '#backend/store/conversation-store.ts'
import { environmentSecrets, type SecretStore } from '#backend/store/secrets.ts'
import { readEngineVersions } from '#backend/llama/engine-versions.ts'
import { cachedCatalogue } from '#backend/catalog/cached-catalogue.ts'
import { doctorReport } from '#backend/probe/doctor.ts'
import { readFreeMemory } from '#backend/probe/free-memory.ts'
import { currentPlatform, scanMachine } from '#backend/probe/probe.ts'
import type { AppFolders } from '#backend/store/app-folders.ts'
import { readLastScan, writeLastScan } from '#backend/store/last-scan.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import type { AppInfo, FinishedScan, FreeMemory, HostKind, ScanUpdate } from '#contract/answers.ts'
import { measureJob, wishedPlan, type Situation } from '#backend/api/wished-plan.ts'
import { createMeasuring } from '#backend/llama/measuring.ts'
import { openMeasurementStore } from '#backend/store/measurement-store.ts'
import type { FinishedSmokeTest, OpenWish, SmokeUpdate } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type {
  ImportResult,
  MachineSpeedUpdate,
  MeasurePreview,
  MeasureUpdate,
  MeasureWish,
  PlanWish,
} from '#contract/measuring.ts'
import type { Settings, SettingsChange } from '#contract/settings.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { calibrateSpeedModel } from '#core/measure/calibrate-speed-model.ts'
import type { MachineSpeed, Measurement, Measurements } from '#core/measure/measurement.ts'
import type { Simulation } from '#core/plan/simulation.ts'

/** Free memory is shown live; faster than this nobody reads, slower looks stuck. */
const FREE_MEMORY_INTERVAL_MS = 2000

export interface BackendOptions {
  readonly host: HostKind
  readonly folders: AppFolders
  readonly version: string
  /** A key store over what the environment says; hosts without one have the environment alone. */
  readonly keyStore?: (environment: SecretStore) => SecretStore
}

/** Everything the product can do on this machine, the same behind every face. */
export interface Backend {
  info(): Promise<AppInfo>
  scan(signal: AbortSignal | undefined): AsyncGenerator<ScanUpdate, FinishedScan>
  lastScan(): Promise<Machine | null>
  watchFreeMemory(signal: AbortSignal | undefined): AsyncGenerator<FreeMemory, void>
  doctor(): Promise<string>
  catalogue(): Promise<Catalogue>
  /** Exact bytes of a plan on the machine last scanned. */
  simulate(wish: PlanWish, signal: AbortSignal | undefined): Promise<Simulation>
  measurements(): Promise<Measurements>
  previewMeasurement(wish: MeasureWish): Promise<MeasurePreview>
  measure(wish: MeasureWish, signal: AbortSignal | undefined): AsyncGenerator<MeasureUpdate, Measurement>
  measureMachine(signal: AbortSignal | undefined): AsyncGenerator<MachineSpeedUpdate, MachineSpeed>
  removeMeasurements(ids: readonly string[]): Promise<Measurements>
  restoreMeasurements(ids: readonly string[]): Promise<Measurements>
  exportMeasurements(): Promise<string>
  importMeasurements(text: string): Promise<ImportResult>
  readonly library: Library
  readonly downloads: Downloads
  readonly sessions: Sessions
  /** Runs it and keeps what it found. */
  smokeTest(wish: OpenWish, signal: AbortSignal | undefined): AsyncGenerator<SmokeUpdate, FinishedSmokeTest>
  readonly conversations: ConversationStore
  readonly endpoints: Endpoints
  readonly secrets: SecretStore
  settings(): Promise<Settings>
  changeSettings(change: SettingsChange): Promise<Settings>
  /** Ends every stream; calls after that still answer. */
  close(): void
}

/** The backend of one host; it holds what is loaded, everything else lies in the user's folder. */
export function createBackend(options: BackendOptions): Backend {
  const { host, folders, version } = options
  const closing = new AbortController()
  const measuring = createMeasuring(folders)
  const store = openMeasurementStore(folders.userFolder)
  const catalogue = cachedCatalogue(folders)
  const settings = settingsFile(folders.userFolder)
  let lastMachine: Machine | null = null

  const lastScan = async () => {
    const stored = lastMachine === null ? await readLastScan(folders.userFolder) : null
    // A scan that ended while the file was read is the newer one.
    return (lastMachine ??= stored)
  }
  const scannedMachine = async () => {
    const machine = await lastScan()
    if (machine === null) throw notScanned()
    return machine
  }
  const situationOf = async (scanned: Promise<Machine>): Promise<Situation> => {
    const [machine, shipped, measurements] = await Promise.all([scanned, catalogue(), store.list()])
    const speedModel = calibrateSpeedModel(shipped, machine, measurements)
    return { machine, catalogue: { ...shipped, speedModel } }
  }
  const situation = () => situationOf(scannedMachine())
  /** Whoever wants to chat at the very first start waits for the scan instead of being sent to it. */
  const machineAtLast = async () =>
    (await lastScan()) ??
    (await scanMachine({ specs: catalogue(), cacheFolder: folders.userFolder, signal: closing.signal }))
      .machine
  const environment = environmentSecrets(process.env, async (id) =>
    (await settings.read()).endpoints.find((known) => known.id === id),
  )
  const secrets = options.keyStore?.(environment) ?? environment
  const library = createLibrary({ folders, settings, catalogue })
  const downloads = createDownloads({
    folders,
    settings,
    catalogue,
    token: () => secrets.get('hugging-face'),
  })
  const chat = createChat({
    folders,
    situation: () => situationOf(machineAtLast()),
    library,
    endpoints: async () => (await settings.read()).endpoints,
    secrets,
  })
  const untilClosed = (signal: AbortSignal | undefined) =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])

  return {
    info: async () => ({
      version,
      host,
      platform: currentPlatform(),
      nodeVersion: process.versions.node,
      ...(await readEngineVersions()),
      userFolder: folders.userFolder,
    }),
    async *scan(signal) {
      const until = untilClosed(signal)
      const scanned = yield* scanning(catalogue(), folders.userFolder, until)
      // A scan that was called off knows less than the machine has.
      if (until.aborted) return scanned
      lastMachine = scanned.machine
      await remember(folders.userFolder, scanned.machine)
      return scanned
    },
    lastScan,
    async *watchFreeMemory(signal) {
      yield* freeMemory(await scannedMachine(), untilClosed(signal))
    },
    async doctor() {
      const scan = await scanMachine({
        specs: catalogue(),
        cacheFolder: folders.userFolder,
        signal: closing.signal,
      })
      return doctorReport(scan, { appVersion: version, ...(await readEngineVersions()) })
    },
    catalogue,
    async simulate(wish, signal) {
      const { machine, catalogue: known } = await situation()
      return measuring.simulate(wishedPlan(wish, machine, known), known, signal)
    },
    measurements: () => store.list(),
    async previewMeasurement(wish) {
      return measuring.preview(measureJob(wish, await situation()))
    },
    async *measure(wish, signal) {
      const measurement = yield* measuring.run(measureJob(wish, await situation()), signal)
      await store.add(measurement)
      return measurement
    },
    async *measureMachine(signal) {
      const { machine, catalogue: known } = await situation()
      const speed = yield* measuring.measureMachine(machine, known, signal)
      await store.add(speed)
      return speed
    },
    async removeMeasurements(ids) {
      await store.remove(ids)
      return store.list()
    },
    async restoreMeasurements(ids) {
      await store.restore(ids)
      return store.list()
    },
    exportMeasurements: () => store.exportLines(),
    importMeasurements: (text) => store.importLines(text),
    library,
    downloads,
    sessions: createSessions(chat, closing.signal),
    smokeTest: (wish, signal) =>
      runAndKeepSmokeTest(wish, { chat, store, machine: machineAtLast, signal: untilClosed(signal) }),
    conversations: conversationStore(folders.userFolder),
    endpoints: createEndpoints(settings, secrets),
    secrets,
    settings: () => settings.read(),
    changeSettings: (change) => settings.change(change),
    close: () => {
      closing.abort()
      measuring.close()
      chat.close()
      downloads.close()
      store.close()
    },
  }
}

async function* scanning(
  catalogue: Promise<Catalogue>,
  cacheFolder: string,
  signal: AbortSignal,
): AsyncGenerator<ScanUpdate, FinishedScan> {
  const startedAt = performance.now()
  const updates = latestValues<ScanUpdate>()
  const finished = scanMachine({ specs: catalogue, onUpdate: updates.push, cacheFolder, signal })
  yield* updates.until(finished)
  const { machine } = await finished
  return { machine, seconds: (performance.now() - startedAt) / 1000 }
}

/** A scan that cannot be remembered is still a scan: the next start just has to wait for its own. */
async function remember(userFolder: string, machine: Machine): Promise<void> {
  try {
    await writeLastScan(userFolder, machine)
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    console.warn(`${error.message} ${error.nextStep}`)
  }
}

async function* freeMemory(machine: Machine, signal: AbortSignal): AsyncGenerator<FreeMemory, void> {
  while (!signal.aborted) {
    yield await readFreeMemory(machine)
    await sleep(FREE_MEMORY_INTERVAL_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}

function notScanned(): InhouseError {
  return new InhouseError({
    code: 'NOT_SCANNED',
    message: 'This machine has not been scanned yet.',
    nextStep: 'Scan it first: open the Machine page, or run "inhouse scan".',
  })
}
