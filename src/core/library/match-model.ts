import { modelsOfShape } from '#core/library/models-of-shape.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import { findModel } from '#core/model/find-model.ts'
import type { Model, ModelId, ModelKind } from '#core/model/model.ts'

/** The catalogue model a file is, or whose shape it has. */
export interface ModelMatch {
  readonly modelId: ModelId
  /** `shape`: another model with the same sizes, and so the same memory and speed; its quality is not known. */
  readonly matchedBy: 'name' | 'shape'
}

/**
 * Which model of the catalogue a file holds: the one it names, as long as its sizes agree; else one of the very same
 * sizes, of several the one its file name or origin hints at, else the plainest and oldest. Null where no model has these
 * sizes. `fileName` (or a tag) counts as the name of a file that says none itself.
 */
export function matchModel(
  header: ModelHeader,
  models: readonly Model[],
  fileName: string | null = null,
): ModelMatch | null {
  if (header.kind !== 'model') return null
  const alike = modelsOfShape(header, models)
  const [first] = alike
  if (first === undefined) return null
  const names = ownNames(header, fileName)
  const named = modelNamed(names, alike)
  if (named !== null)
    return {
      modelId: named.id,
      matchedBy: isTuned(header, names) || named.kind === 'base' ? 'name' : 'shape',
    }
  const hinted = modelNamed(hints(header, fileName), alike)
  return { modelId: (hinted ?? plainest(alike) ?? first).id, matchedBy: 'shape' }
}

/**
 * People leave "Instruct" out, so a base model's name may mean the tuned one: a file that neither says so nor has a format
 * of turns is not taken for it.
 */
function isTuned({ hasChatTemplate }: ModelHeader, names: readonly string[]): boolean {
  return (
    hasChatTemplate ||
    names.some((name) => /(?<![a-z])(?:instruct|chat|it|embed(?:ding)?)(?![a-z])/i.test(name))
  )
}

function ownNames({ name, baseName, sizeLabel }: ModelHeader, fileName: string | null): readonly string[] {
  if (name !== null) return [name]
  if (baseName !== null) return [`${baseName} ${sizeLabel ?? ''}`]
  return fileName === null ? [] : [withoutQuantization(fileName)]
}

/** What says where it comes from but not what it is: a fine-tune names its base too. */
function hints(header: ModelHeader, fileName: string | null): readonly string[] {
  const { baseName, repositories, sizeLabel } = header
  return [
    ...repositories,
    ...(baseName === null ? [] : [`${baseName} ${sizeLabel ?? ''}`]),
    ...(fileName === null ? [] : [withoutQuantization(fileName)]),
  ]
}

/** "Qwen3-8B-UD-Q4_K_XL.gguf" without what the quantizer put behind the name. */
function withoutQuantization(fileName: string): string {
  return fileName
    .replace(/\.gguf$/i, '')
    .replace(/[-_.:](?:UD-)?(?:I?Q\d|TQ\d|MXFP4|BF16|F16|F32|FP16)[\w-]*$/i, '')
}

function modelNamed(names: readonly string[], models: readonly Model[]): Model | null {
  for (const name of names) {
    const found = findModel(name, models)
    if (found.kind === 'found') return found.record
  }
  return null
}

/** What a same-shaped stranger most likely is a variant of. */
const PLAINNESS: Readonly<Record<ModelKind, number>> = {
  base: 0,
  chat: 0,
  reasoning: 1,
  vision: 2,
  code: 3,
  embedding: 4,
}

function plainest(models: readonly Model[]): Model | undefined {
  return models.toSorted(
    (left, right) =>
      PLAINNESS[left.kind] - PLAINNESS[right.kind] || left.released.localeCompare(right.released, 'en'),
  )[0]
}
