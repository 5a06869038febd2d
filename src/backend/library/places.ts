import path from 'node:path'
import type { LibraryPlace } from '#contract/library.ts'

/** A folder that may hold models, and how they lie in it. */
export interface ModelFolder {
  readonly path: string
  readonly place: LibraryPlace
  /** `ollama`: named by manifests; `tree`: files that end in `.gguf`, somewhere below. */
  readonly layout: 'tree' | 'ollama'
}

/** What the places of other programs follow from. */
export interface PlacesOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly homeFolder: string
  readonly platform: NodeJS.Platform
}

/** Where other programs keep models, by their own documentation or source; most of these do not exist. */
export function otherPrograms(options: PlacesOptions): readonly ModelFolder[] {
  return [
    ...trees('hugging-face', huggingFace(options)),
    ...trees('lm-studio', lmStudio(options)),
    ...ollama(options).map((folder): ModelFolder => ({ path: folder, place: 'ollama', layout: 'ollama' })),
    ...trees('llama.cpp', llamaCpp(options)),
    ...trees('jan', jan(options)),
    ...trees('gpt4all', gpt4All(options)),
  ]
}

function trees(place: LibraryPlace, folders: readonly string[]): readonly ModelFolder[] {
  return folders.map((folder) => ({ path: folder, place, layout: 'tree' }))
}

/** huggingface_hub, constants.py: HF_HUB_CACHE, the older HUGGINGFACE_HUB_CACHE, or `hub` in HF_HOME. */
function huggingFace({ environment, homeFolder }: PlacesOptions): readonly string[] {
  const cacheFolder = environment['XDG_CACHE_HOME'] || path.join(homeFolder, '.cache')
  const home = environment['HF_HOME'] || path.join(cacheFolder, 'huggingface')
  return [environment['HF_HUB_CACHE'] || environment['HUGGINGFACE_HUB_CACHE'] || path.join(home, 'hub')]
}

/** lmstudio.ai, "Import Models"; the second one until 0.3. */
function lmStudio({ homeFolder }: PlacesOptions): readonly string[] {
  return [
    path.join(homeFolder, '.lmstudio', 'models'),
    path.join(homeFolder, '.cache', 'lm-studio', 'models'),
  ]
}

/** Ollama's FAQ; a system service keeps its models in the home of its own user. */
function ollama({ environment, homeFolder, platform }: PlacesOptions): readonly string[] {
  return [
    ...(environment['OLLAMA_MODELS'] ? [environment['OLLAMA_MODELS']] : []),
    path.join(homeFolder, '.ollama', 'models'),
    ...(platform === 'linux'
      ? [
          '/usr/share/ollama/.ollama/models',
          '/var/lib/ollama/.ollama/models',
          '/var/lib/ollama/models',
          '/var/snap/ollama/common/models',
        ]
      : []),
  ]
}

/** llama.cpp, common/common.cpp, `fs_get_cache_directory`. */
function llamaCpp({ environment, homeFolder, platform }: PlacesOptions): readonly string[] {
  if (environment['LLAMA_CACHE']) return [environment['LLAMA_CACHE']]
  if (platform === 'darwin') return [path.join(homeFolder, 'Library', 'Caches', 'llama.cpp')]
  if (platform === 'win32') return [path.join(localAppData(environment, homeFolder), 'llama.cpp')]
  return [path.join(environment['XDG_CACHE_HOME'] || path.join(homeFolder, '.cache'), 'llama.cpp')]
}

/** jan.ai, "Data Folder": `llamacpp/models`, until 0.6 `models`; on Linux it has moved once. */
function jan({ environment, homeFolder, platform }: PlacesOptions): readonly string[] {
  const dataFolders =
    platform === 'darwin'
      ? [path.join(homeFolder, 'Library', 'Application Support', 'Jan', 'data')]
      : platform === 'win32'
        ? [path.join(environment['APPDATA'] || path.join(homeFolder, 'AppData', 'Roaming'), 'Jan', 'data')]
        : [
            path.join(environment['XDG_CONFIG_HOME'] || path.join(homeFolder, '.config'), 'Jan', 'data'),
            path.join(dataHome(environment, homeFolder), 'Jan', 'data'),
          ]
  return [...dataFolders, path.join(homeFolder, 'jan')].flatMap((folder) => [
    path.join(folder, 'llamacpp', 'models'),
    path.join(folder, 'models'),
  ])
}

/** GPT4All's FAQ, "Where are the default directories for models and settings?"; the last one is its Python package's. */
function gpt4All({ environment, homeFolder, platform }: PlacesOptions): readonly string[] {
  const dataFolder =
    platform === 'darwin'
      ? path.join(homeFolder, 'Library', 'Application Support')
      : platform === 'win32'
        ? localAppData(environment, homeFolder)
        : dataHome(environment, homeFolder)
  return [path.join(dataFolder, 'nomic.ai', 'GPT4All'), path.join(homeFolder, '.cache', 'gpt4all')]
}

function localAppData(environment: NodeJS.ProcessEnv, homeFolder: string): string {
  return environment['LOCALAPPDATA'] || path.join(homeFolder, 'AppData', 'Local')
}

function dataHome(environment: NodeJS.ProcessEnv, homeFolder: string): string {
  return environment['XDG_DATA_HOME'] || path.join(homeFolder, '.local', 'share')
}
