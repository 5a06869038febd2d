import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseSync } from 'rolldown/utils'

/**
 * The layer rule: imports point down only, and into a capability of the backend by its front doors. Each layer names
 * what it may import of ours and of others; test files may import test tools and shipped data on top of that.
 */
interface LayerRule {
  readonly ours: readonly string[]
  readonly packages: 'none' | 'any' | readonly string[]
  readonly nodeBuiltins: boolean
}

const LAYERS: Readonly<Record<string, LayerRule>> = {
  core: { ours: ['core'], packages: 'none', nodeBuiltins: false },
  contract: { ours: ['core', 'contract'], packages: 'any', nodeBuiltins: false },
  backend: { ours: ['core', 'contract', 'backend'], packages: 'any', nodeBuiltins: true },
  preload: { ours: ['preload', 'contract'], packages: ['electron'], nodeBuiltins: false },
  renderer: { ours: ['core', 'contract', 'renderer'], packages: 'any', nodeBuiltins: false },
  main: { ours: ['core', 'contract', 'backend', 'main'], packages: 'any', nodeBuiltins: true },
}

/**
 * What others may import of each capability of the backend; its other files are its own, to be moved and renamed
 * freely. `store` is shelves for everybody: all of its files are doors.
 */
const FRONT_DOORS: Readonly<Record<string, readonly string[]>> = {
  api: ['backend.ts', 'router.ts'],
  chat: ['chat.ts', 'open-model.ts'],
  catalog: ['cached-catalogue.ts', 'catalog.ts', 'schemas/same-type.ts'],
  endpoint: ['endpoint-model.ts', 'testing/scripted-server.ts'],
  download: ['download-wish-for.ts', 'downloads.ts', 'testing/faulty-hub.ts'],
  llama: ['chatting.ts', 'engine-versions.ts', 'measuring.ts', 'stream-work.ts', 'worker/serve-engine.ts'],
  gguf: [
    'adapter/adapter-for-engine.ts',
    'sparse-support.ts',
    'unloadable-architectures.ts',
    'writable.ts',
    'write-model-file.ts',
  ],
  library: ['library.ts', 'read-model-header.ts', 'testing/mutate-gguf.ts'],
  probe: ['doctor.ts', 'free-memory.ts', 'probe.ts', 'replay.ts', 'scrub.ts'],
  smoke: ['run-smoke-test.ts'],
  store: [
    'app-folders.ts',
    'conversation-store.ts',
    'json-file.ts',
    'last-scan.ts',
    'measurement-schema.ts',
    'measurement-store.ts',
    'package-root.ts',
    'secrets.ts',
    'settings-file.ts',
  ],
}

/** `import 'electron'` in plain Node starts a download and throws: only the shell and the preload may do it. */
const ELECTRON_VALUE_IMPORTERS = ['main/index.ts', 'preload/index.ts']

export interface LayerViolation {
  readonly file: string
  readonly line: number
  readonly specifier: string
  readonly reason: string
}

interface Import {
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
}

/** Every violation under `sourceFolder` (the folder that holds core, contract, …). */
export function findLayerViolations(sourceFolder: string): readonly LayerViolation[] {
  const files = readdirSync(sourceFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return files.flatMap((file) => violationsIn(file, sourceFolder))
}

function violationsIn(file: string, sourceFolder: string): readonly LayerViolation[] {
  const path = relative(sourceFolder, file).split(sep).join('/')
  const layer = path.split('/')[0] ?? ''
  const rule = LAYERS[layer]
  if (rule === undefined)
    return [{ file: path, line: 1, specifier: '', reason: `src/${layer} is not a layer` }]
  const isTest = /\.test\.tsx?$/.test(file)
  return importsOf(file).flatMap(({ specifier, line, typeOnly }) => {
    const reason = reasonAgainst({ specifier, typeOnly, file, path, layer, rule, isTest, sourceFolder })
    return reason === null ? [] : [{ file: path, line, specifier, reason }]
  })
}

interface Candidate {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly file: string
  readonly path: string
  readonly layer: string
  readonly rule: LayerRule
  readonly isTest: boolean
  readonly sourceFolder: string
}

function reasonAgainst(candidate: Candidate): string | null {
  const { specifier } = candidate
  return specifier.startsWith('.') || specifier.startsWith('#')
    ? reasonAgainstOurs(candidate)
    : reasonAgainstOthers(candidate)
}

function reasonAgainstOurs({
  specifier,
  file,
  path,
  layer,
  rule,
  isTest,
  sourceFolder,
}: Candidate): string | null {
  if (specifier.startsWith('#data/'))
    return isTest ? null : 'shipped data is loaded by the backend and passed in'
  const target = specifier.startsWith('#')
    ? specifier.slice(1)
    : relative(sourceFolder, resolve(dirname(file), specifier))
        .split(sep)
        .join('/')
  if (target.startsWith('..')) return isTest ? null : 'leaves src'
  const [targetLayer = '', capability = '', ...inside] = target.split('/')
  if (!rule.ours.includes(targetLayer))
    return `${layer} may import ${rule.ours.join(', ')}; not ${targetLayer}`
  if (targetLayer !== 'backend' || path.startsWith(`backend/${capability}/`)) return null
  const doors = FRONT_DOORS[capability] ?? []
  return doors.includes(inside.join('/'))
    ? null
    : `the front doors of backend/${capability} are ${doors.join(', ') || 'not named yet'}`
}

function reasonAgainstOthers({ specifier, typeOnly, path, layer, rule, isTest }: Candidate): string | null {
  if (isTest) return null
  if (specifier.startsWith('node:')) return rule.nodeBuiltins ? null : `${layer} runs without Node`
  const packageName = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  if (packageName === 'electron') {
    return typeOnly || ELECTRON_VALUE_IMPORTERS.includes(path)
      ? null
      : 'only src/main/index.ts and the preload import electron'
  }
  if (rule.packages === 'any') return null
  if (rule.packages === 'none') return `${layer} imports no packages`
  return rule.packages.includes(packageName) ? null : `${layer} may import ${rule.packages.join(', ')}`
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8')
  const { module, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  const fromImports = module.staticImports.map((one) => ({
    specifier: one.moduleRequest.value,
    line: lineAt(one.start),
    typeOnly: one.entries.length > 0 && one.entries.every((entry) => entry.isType),
  }))
  const fromExports = module.staticExports.flatMap((one) =>
    one.entries.flatMap((entry) =>
      entry.moduleRequest
        ? [{ specifier: entry.moduleRequest.value, line: lineAt(one.start), typeOnly: entry.isType }]
        : [],
    ),
  )
  const fromCalls = module.dynamicImports.map((one) => ({
    specifier: text.slice(one.moduleRequest.start, one.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    line: lineAt(one.start),
    typeOnly: false,
  }))
  return [...fromImports, ...fromExports, ...fromCalls]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = findLayerViolations(resolve(import.meta.dirname, '../src'))
  for (const { file, line, specifier, reason } of violations) {
    console.error(`src/${file}:${line}: import of "${specifier}" breaks the layer rule: ${reason}`)
  }
  if (violations.length > 0) process.exit(1)
  console.log('layers: imports point down only, and into capabilities by their front doors')
}
