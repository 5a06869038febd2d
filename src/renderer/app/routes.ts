/** Addresses of the pages that exist; links are made here and nowhere else. */
export const VERDICT_PATH = '/'
export const MACHINE_PATH = '/machine'
export const MODELS_PATH = '/models'
/** The id may hold slashes (`Qwen/Qwen3-8B`): the rest of the path is the id. */
export const MODEL_PATTERN = '/models/*'
export const LIBRARY_PATH = '/library'
export const SMOKE_PATH = '/smoke'

/** The measurements on the page of the machine. */
export const MEASUREMENTS_ANCHOR = 'measurements'
/** The section of the library that fetches models. */
export const DOWNLOAD_ANCHOR = 'download'
/** The section that measures the machine itself. */
export const MACHINE_SPEED_ANCHOR = 'measured-speed'

export interface PlanLink {
  readonly modelId: string
  readonly quantizationId?: string
  readonly contextTokens?: number
  /** Opens the measuring panel. */
  readonly measure?: 'quick' | 'full'
}

/** Address of one plan: `/models/Qwen/Qwen3-8B?quant=Q4_K_M&context=8192`. */
export function planHref({ modelId, quantizationId, contextTokens, measure }: PlanLink): string {
  const path = modelId.split('/').map(encodeURIComponent).join('/')
  const query = new URLSearchParams()
  if (quantizationId !== undefined) query.set('quant', quantizationId)
  if (contextTokens !== undefined) query.set('context', String(contextTokens))
  if (measure !== undefined) query.set('measure', measure)
  const text = query.toString()
  return `${MODELS_PATH}/${path}${text === '' ? '' : `?${text}`}`
}

export interface DownloadLink {
  /** Repository of the hub: `org/name`. */
  readonly download: string
  readonly quantizationId?: string
}

/** Address of the library with a repository's files open: `/library?download=unsloth%2FQwen3-8B-GGUF&quant=Q4_K_M#download`. */
export function libraryHref({ download, quantizationId }: DownloadLink): string {
  const query = new URLSearchParams({ download })
  if (quantizationId !== undefined) query.set('quant', quantizationId)
  return `${LIBRARY_PATH}?${query.toString()}#${DOWNLOAD_ANCHOR}`
}

/** Address of the smoke test of one model file. */
export function smokeHref({ file }: { readonly file: string }): string {
  return `${SMOKE_PATH}?${new URLSearchParams({ file }).toString()}`
}

/** The model id of a path that matched `MODEL_PATTERN`. */
export function modelIdOf(rest: string): string {
  try {
    return decodeURIComponent(rest)
  } catch {
    return rest
  }
}
