import path from 'node:path'
import type { OpenModel } from '#backend/chat/open-model.ts'
import { openEndpointModel } from '#backend/endpoint/endpoint-model.ts'
import { adapterForEngine } from '#backend/gguf/adapter/adapter-for-engine.ts'
import type { Library } from '#backend/library/library.ts'
import { createChatting } from '#backend/llama/chatting.ts'
import { readFreeMemory } from '#backend/probe/free-memory.ts'
import type { AppFolders } from '#backend/store/app-folders.ts'
import type { SecretStore } from '#backend/store/secrets.ts'
import type { Adapter, OpenWish, Target } from '#contract/chatting.ts'
import type { Endpoint } from '#contract/endpoints.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { LibraryFile } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { planRun, type PlannedRun, type RunToPlan } from '#core/chat/plan-run.ts'
import { modelFromHeader } from '#core/library/model-from-header.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import type { Machine } from '#core/machine/machine.ts'
import { withFreeMemory } from '#core/machine/with-free-memory.ts'
import type { SmokeSubject } from '#core/smoke/smoke-record.ts'
import { inferenceThreads } from '#core/speed/host-speed.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** What models are opened with. */
export interface ChatOptions {
  readonly folders: Pick<AppFolders, 'root' | 'userFolder'>
  /** The scanned machine, and the catalogue whose estimates lean on what was measured on it. */
  readonly situation: () => Promise<{ readonly machine: Machine; readonly catalogue: Catalogue }>
  readonly library: Pick<Library, 'find' | 'pilot'>
  readonly endpoints: () => Promise<readonly Endpoint[]>
  readonly secrets: Pick<SecretStore, 'get'>
}

/** A model that is open, and what a smoke test of it is a test of. */
export interface OpenedForChat {
  readonly model: OpenModel
  readonly subject: SmokeSubject
}

/** Opens whatever can answer: the pilot, a file of this machine, a model behind an endpoint. */
export interface Chat {
  /**
   * Throws `FILE_NOT_FOUND`, `FILE_INVALID`, `MODEL_TOO_LARGE` (unless forced), `UNKNOWN_ENDPOINT`, and what the engine or
   * the endpoint throws.
   */
  open(
    wish: OpenWish,
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly kind: 'loading'; readonly fraction: number }, OpenedForChat>
  /** Ends every model it opened. */
  close(): void
}

/**
 * A step of so small a model is over before threads have found each other: the pilot ran a hundred times faster on one thread
 * than on two of a busy machine.
 */
const SMALL_FILE_BYTES = mebibytesToBytes(32)

/** Chat for one host. */
export function createChat(options: ChatOptions): Chat {
  const chatting = createChatting(options.folders)
  return {
    async *open(wish, signal) {
      const { target } = wish
      if (target.kind === 'endpoint') return openEndpoint(target, options)
      const file =
        target.kind === 'pilot' ? await options.library.pilot() : await options.library.find(target.path)
      const header = modelHeaderOf(file)
      const plan = await plannedRun(file, header, wish, options)
      if (plan.shortfall !== null && !wish.force) {
        throw new InhouseError({ code: 'MODEL_TOO_LARGE', ...plan.shortfall })
      }
      const { machine } = await options.situation()
      const model = yield* chatting.open(
        {
          path: file.path,
          name: nameOf(file, header),
          kind: target.kind,
          load: {
            backend: plan.backend,
            gpuLayers: plan.gpuLayers,
            threads: file.fileBytes < SMALL_FILE_BYTES ? 1 : inferenceThreads(machine),
          },
          contextTokens: plan.contextTokens,
          adapters: await engineAdapters(wish.adapters, file.path, options.folders.userFolder),
          sampling: header.sampling,
          prediction: plan.prediction,
          noPrediction: plan.noPrediction,
        },
        signal,
      )
      return { model, subject: fileSubject({ file, header, wish, plan }) }
    },
    close: () => chatting.close(),
  }
}

async function openEndpoint(
  { endpointId, model }: Extract<Target, { kind: 'endpoint' }>,
  { endpoints, secrets }: ChatOptions,
): Promise<OpenedForChat> {
  const endpoint = (await endpoints()).find(({ id }) => id === endpointId)
  if (endpoint === undefined) {
    throw new InhouseError({
      code: 'UNKNOWN_ENDPOINT',
      message: `There is no endpoint "${endpointId}".`,
      nextStep: 'Choose another, or add it again.',
    })
  }
  const opened = openEndpointModel({ endpoint, model, key: () => secrets.get(`endpoint:${endpoint.id}`) })
  return {
    model: opened,
    subject: {
      name: opened.info.name,
      kind: 'endpoint',
      fileName: null,
      fileBytes: null,
      modelId: null,
      quantizationId: null,
      adapters: [],
    },
  }
}

/** The header of a file that can answer; adapters and projectors cannot. */
function modelHeaderOf({ header, path: file, problem }: LibraryFile): ModelHeader {
  if (header === null) {
    throw new InhouseError({
      code: 'FILE_INVALID',
      message: problem ?? `${file} is no model file.`,
      nextStep: 'Choose another file, or download it again.',
    })
  }
  if (header.kind === 'model') return header
  throw new InhouseError({
    code: 'FILE_INVALID',
    message: `${path.basename(file)} is ${header.kind === 'adapter' ? 'a LoRA adapter' : 'part of a model'}, not a model.`,
    nextStep:
      header.kind === 'adapter'
        ? 'Choose the model it was made for, and this file as its adapter.'
        : 'Choose the file of the language model.',
  })
}

async function plannedRun(
  file: LibraryFile,
  header: ModelHeader,
  { contextTokens, gpuLayers }: OpenWish,
  { situation }: ChatOptions,
): Promise<PlannedRun> {
  const { machine, catalogue } = await situation()
  return planRun({
    machine: withFreeMemory(machine, await readFreeMemory(machine)),
    speedModel: catalogue.speedModel,
    name: nameOf(file, header),
    header,
    fileBytes: file.fileBytes,
    known: knownModel(file, header, catalogue),
    contextTokens,
    gpuLayers,
  })
}

/** The catalogue's model of this file, or one worked out from its header where that says enough. */
function knownModel(file: LibraryFile, header: ModelHeader, catalogue: Catalogue): RunToPlan['known'] {
  const quantization = catalogue.quantizations.find(({ id }) => id === header.quantizationId)
  if (quantization === undefined) return null
  const listed = catalogue.models.find(({ id }) => id === file.match?.modelId)
  if (listed !== undefined) return { model: listed, quantization, matchedBy: file.match!.matchedBy }
  const unlisted = modelFromHeader(header)
  return unlisted === null ? null : { model: unlisted, quantization, matchedBy: 'header' }
}

/** "Qwen3 8B Q4_K_M": two quantizations of a model must not look alike. */
function nameOf({ name, place }: LibraryFile, { quantizationId, quantizationName }: ModelHeader): string {
  if (place === 'pilot') return 'the pilot'
  const quantization = quantizationId ?? quantizationName
  return name.toLowerCase().includes(quantization.toLowerCase()) ? name : `${name} ${quantization}`
}

async function engineAdapters(
  adapters: readonly Adapter[],
  basePath: string,
  userFolder: string,
): Promise<readonly Adapter[]> {
  return Promise.all(
    adapters.map(async (adapter) => ({
      ...adapter,
      path: await adapterForEngine(adapter.path, { basePath, userFolder }),
    })),
  )
}

interface FileRun {
  readonly file: LibraryFile
  readonly header: ModelHeader
  readonly wish: OpenWish
  readonly plan: PlannedRun
}

function fileSubject({ file, header, wish, plan }: FileRun): SmokeSubject {
  const { prediction } = plan
  return {
    name: nameOf(file, header),
    kind: file.place === 'pilot' ? 'pilot' : 'file',
    fileName: path.basename(file.path),
    fileBytes: file.fileBytes,
    modelId: prediction === null || prediction.matchedBy === 'header' ? null : prediction.modelId,
    quantizationId: header.quantizationId,
    adapters: wish.adapters.map(({ path: adapter, scale }) => ({ fileName: path.basename(adapter), scale })),
  }
}
