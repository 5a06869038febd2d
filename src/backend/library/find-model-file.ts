import path from 'node:path'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { LibraryFile } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { fileFit } from '#core/library/file-fit.ts'
import { normalizeName } from '#core/lookup/lookup.ts'
import type { Machine } from '#core/machine/machine.ts'
import { findModel } from '#core/model/find-model.ts'
import { findQuantization } from '#core/quant/find-quantization.ts'

/** Where a name is looked up. */
export interface NameLookup {
  readonly files: readonly LibraryFile[]
  readonly catalogue: Catalogue
  /** As last scanned; null: nothing is known of it. */
  readonly machine: Machine | null
}

/** Files named in an error; more nobody reads. */
const MAX_NAMED = 5

/**
 * The file a name means: a file name, the name it is shown by (with its quantization or without), or a catalogue model of
 * which a file is here, "qwen3-8b" or "qwen3-8b:Q8_0". Of several files of one model the best quantization that fits.
 */
export function findModelFile(name: string, lookup: NameLookup): LibraryFile {
  const { catalogue, files } = lookup
  const called = files.filter((file) => isCalled(file, name))
  if (called.length > 0) return best(name, called, lookup)
  const { model, quantizationId } = modelNamed(name, catalogue)
  const ofModel = files.filter(
    ({ header, match }) =>
      model !== null &&
      match?.modelId === model.id &&
      match.matchedBy === 'name' &&
      (quantizationId === null || header?.quantizationId === quantizationId),
  )
  if (ofModel.length > 0) return best(name, ofModel, lookup)
  throw notFound(name, model?.id ?? null)
}

function isCalled({ header, name: shown, path: file }: LibraryFile, name: string): boolean {
  const wanted = normalizeName(name.replace(/\.gguf$/i, ''))
  if (wanted === '') return false
  const quantization = header?.quantizationId ?? header?.quantizationName ?? ''
  return [path.basename(file).replace(/\.gguf$/i, ''), shown, `${shown} ${quantization}`, latest(shown)].some(
    (one) => normalizeName(one) === wanted,
  )
}

/** Ollama leaves ":latest" out. */
function latest(shown: string): string {
  return shown.replace(/:latest$/, '')
}

function modelNamed(name: string, catalogue: Catalogue) {
  const whole = findModel(name, catalogue.models)
  if (whole.kind === 'found') return { model: whole.record, quantizationId: null }
  const parts = /^(.+)[:\s](\S+)$/.exec(name)
  const quantization = findQuantization(parts?.[2] ?? '', catalogue.quantizations)
  const model = findModel(parts?.[1] ?? '', catalogue.models)
  if (quantization.kind !== 'found' || model.kind !== 'found') return { model: null, quantizationId: null }
  return { model: model.record, quantizationId: quantization.record.id }
}

/** The most bits that fit; with no machine known, or nothing that fits, only where there is no choice. */
function best(name: string, files: readonly LibraryFile[], { catalogue, machine }: NameLookup): LibraryFile {
  const [only] = files
  if (only !== undefined && files.length === 1) return only
  const fitting = files.filter(({ fileBytes, header, match }) => {
    if (header === null || machine === null) return false
    const fit = fileFit({ header, fileBytes, modelId: match?.modelId ?? null }, machine, catalogue)
    return fit !== null && fit.fit !== 'no'
  })
  const [chosen] = fitting.toSorted((left, right) => right.fileBytes - left.fileBytes)
  if (chosen !== undefined) return chosen
  const named = files.slice(0, MAX_NAMED).map(({ path: file }) => file)
  const more = files.length > MAX_NAMED ? `, and ${files.length - MAX_NAMED} more` : ''
  throw new InhouseError({
    code: 'BAD_USAGE',
    message: `${files.length} files are called "${name}"${machine === null ? '' : ', and none of them fits'}: ${named.join(', ')}${more}.`,
    nextStep: 'Name one of them by its path.',
  })
}

function notFound(name: string, modelId: string | null): InhouseError {
  return new InhouseError({
    code: 'FILE_NOT_FOUND',
    message:
      modelId === null
        ? `No model file is called "${name}" here.`
        : `No file of ${modelId} is on this machine.`,
    nextStep:
      modelId === null
        ? 'Name a file by its path, or see what is here with: inhouse library'
        : `Fetch one with: inhouse download ${modelId}`,
  })
}
