import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import type { ListedFile, ListedFolder } from '#backend/library/list-models.ts'

/** `registry/namespace/model/tag`, below `manifests`. */
const MANIFEST_DEPTH = 4
const MAX_MANIFESTS = 10_000
/** Real ones have a kilobyte. */
const MAX_MANIFEST_BYTES = 1024 * 1024
const MODEL = 'application/vnd.ollama.image.model'
const ADAPTER = 'application/vnd.ollama.image.adapter'

const manifestSchema = z.object({
  layers: z
    .array(z.object({ mediaType: z.string(), digest: z.string().regex(/^sha256[:-][0-9a-f]{64}$/) }))
    .max(1000),
})

/** Models of Ollama: its manifests say which blob is the model of a tag. Damaged manifests are left out and counted. */
export async function listOllamaModels(folder: string): Promise<ListedFolder> {
  const manifests = path.join(folder, 'manifests')
  const found = await manifestFiles(manifests, 0)
  const files: ListedFile[] = []
  let damaged = 0
  for (const manifest of found.files.slice(0, MAX_MANIFESTS)) {
    const layers = await layersOf(manifest)
    if (layers === null) damaged += 1
    else files.push(...listed(layers, { folder, name: tagOf(path.relative(manifests, manifest)) }))
  }
  return { files, exists: true, problem: problemOf(found.isReadable, damaged) }
}

function problemOf(isReadable: boolean, damaged: number): string | null {
  if (!isReadable) return 'Its list of models cannot be read: permission is denied.'
  if (damaged === 0) return null
  return `${damaged === 1 ? 'A manifest in it is' : `${damaged} manifests in it are`} damaged.`
}

async function manifestFiles(
  folder: string,
  depth: number,
): Promise<{ readonly files: readonly string[]; readonly isReadable: boolean }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => error)
  if (!Array.isArray(entries)) {
    const isAbsent = entries instanceof Error && 'code' in entries && entries.code === 'ENOENT'
    return { files: [], isReadable: isAbsent }
  }
  const files: string[] = []
  let isReadable = true
  for (const entry of entries) {
    const place = path.join(folder, entry.name)
    if (entry.isFile() && depth === MANIFEST_DEPTH - 1) files.push(place)
    if (!entry.isDirectory() || depth >= MANIFEST_DEPTH - 1 || files.length >= MAX_MANIFESTS) continue
    const inside = await manifestFiles(place, depth + 1)
    files.push(...inside.files)
    isReadable &&= inside.isReadable
  }
  return { files, isReadable }
}

type Layers = z.infer<typeof manifestSchema>['layers']

async function layersOf(manifest: string): Promise<Layers | null> {
  try {
    if ((await stat(manifest)).size > MAX_MANIFEST_BYTES) return null
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(manifest, 'utf8')))
    return parsed.success ? parsed.data.layers : null
  } catch (error) {
    // Gone, out of reach or no JSON: as good as damaged.
    if (error instanceof Error) return null
    throw error
  }
}

/** As Ollama writes it: "qwen3:8b", "somebody/tune:latest", "hf.co/org/name:Q4_K_M". */
function tagOf(relativePath: string): string {
  const [registry = '', namespace = '', model = '', tag = ''] = relativePath.split(path.sep)
  const parts = [
    ...(registry === 'registry.ollama.ai' ? [] : [registry]),
    ...(namespace === 'library' ? [] : [namespace]),
    model,
  ]
  return `${parts.join('/')}:${tag}`
}

function listed(
  layers: Layers,
  { folder, name }: { readonly folder: string; readonly name: string },
): readonly ListedFile[] {
  return layers
    .filter(({ mediaType }) => mediaType === MODEL || mediaType === ADAPTER)
    .map(({ digest, mediaType }) => ({
      path: path.join(folder, 'blobs', digest.replace(':', '-')),
      name: mediaType === ADAPTER ? `${name} (adapter)` : name,
    }))
}
