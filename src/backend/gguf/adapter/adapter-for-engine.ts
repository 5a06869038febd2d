import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { adapterFault } from '#backend/gguf/adapter/adapter-fault.ts'
import { convertAdapter, peftFiles } from '#backend/gguf/adapter/convert-adapter.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import type { ModelHeader } from '#core/library/model-header.ts'

/** Raised whenever the same adapter is written differently. */
const WRITER_VERSION = 1

/**
 * The path of an adapter as llama.cpp reads it: a GGUF adapter as it is, and one of PEFT (a folder, or the safetensors
 * file in it) converted once and kept in the user's folder. `FILE_INVALID` says why one cannot be used with this base.
 */
export async function adapterForEngine(
  adapterPath: string,
  { basePath, userFolder }: { readonly basePath: string; readonly userFolder: string },
): Promise<string> {
  const { header: base } = await readModelHeader(basePath)
  if (adapterPath.toLowerCase().endsWith('.gguf')) {
    assertAdapterFor((await readModelHeader(adapterPath)).header, base, path.basename(adapterPath))
    return adapterPath
  }
  const outPath = path.join(userFolder, 'adapters', `${await fingerprint(adapterPath, base)}.gguf`)
  if ((await stat(outPath).catch(() => null)) === null)
    await convertAdapter({ source: adapterPath, outPath, basePath })
  return outPath
}

function assertAdapterFor(adapter: ModelHeader, base: ModelHeader, fileName: string): void {
  if (adapter.kind !== 'adapter')
    throw adapterFault(`${fileName} is not a LoRA adapter.`, 'Choose a file that holds an adapter.')
  if (adapter.architecture !== base.architecture)
    throw adapterFault(
      `${fileName} was made for the architecture ${adapter.architecture}, and the model is of ${base.architecture}.`,
      'Choose the base model that the adapter was trained for.',
    )
}

/** Tells adapters apart without reading gigabytes: where it lies, how long it is, when it was written, for what base. */
async function fingerprint(source: string, { architecture, shape }: ModelHeader): Promise<string> {
  const files = await peftFiles(source)
  const { size, mtimeMs } = await stat(files.weights)
  const facts = [WRITER_VERSION, path.resolve(files.weights), size, mtimeMs, architecture, shape]
  const hash = createHash('sha256').update(JSON.stringify(facts))
  return hash
    .update(await readFile(files.config))
    .digest('hex')
    .slice(0, 32)
}
