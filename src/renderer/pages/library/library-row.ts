import type { LibraryFile } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { fileFit, type FileFit } from '#core/library/file-fit.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'

/** One model of the library with what this machine makes of it. */
export interface LibraryRow {
  readonly file: LibraryFile
  /** Null where it is none of the catalogue, or that is not there yet. */
  readonly model: Model | null
  /** Null where it cannot be told. */
  readonly fit: FileFit | null
  /** Lies in the app's own folder, so that it may be deleted; else it is only listed. */
  readonly ownership: 'own' | 'referenced' | 'other'
}

export interface RowSurroundings {
  readonly ownFolder: string | null
  /** Both null until they are known. */
  readonly machine: Machine | null
  readonly catalogue: Catalogue | null
}

export interface LibraryGroups {
  readonly models: readonly LibraryRow[]
  /** Adapters and projectors: they run on top of a model, not alone. */
  readonly adapters: readonly LibraryRow[]
  readonly broken: readonly LibraryRow[]
}

/** The files as rows, in the groups they are shown in; a file that is still unread is taken for a model. */
export function libraryGroups(files: readonly LibraryFile[], rowOf: RowMaker): LibraryGroups {
  const rows = files.map(rowOf)
  const isAdapter = ({ file }: LibraryRow) =>
    file.header !== null && (file.header.kind === 'adapter' || file.header.kind === 'projector')
  const isBroken = ({ file }: LibraryRow) => file.state === 'broken'
  return {
    models: rows.filter((row) => !isAdapter(row) && !isBroken(row)),
    adapters: rows.filter(isAdapter),
    broken: rows.filter(isBroken),
  }
}

export type RowMaker = (file: LibraryFile) => LibraryRow

/** Makes the row of each file once: a scan tells of a few at a time, and all the others stay what they were. */
export function rowMaker(around: RowSurroundings): RowMaker {
  const made = new WeakMap<LibraryFile, LibraryRow>()
  return (file) => {
    const row = made.get(file) ?? makeRow(file, around)
    made.set(file, row)
    return row
  }
}

function makeRow(file: LibraryFile, { ownFolder, machine, catalogue }: RowSurroundings): LibraryRow {
  const modelId = file.match?.modelId ?? null
  const { header, fileBytes } = file
  return {
    file,
    model: catalogue?.models.find(({ id }) => id === modelId) ?? null,
    fit:
      header === null || machine === null || catalogue === null
        ? null
        : fileFit({ header, fileBytes, modelId }, machine, catalogue),
    ownership: ownershipOf(file, ownFolder),
  }
}

function ownershipOf({ place, path }: LibraryFile, ownFolder: string | null): LibraryRow['ownership'] {
  if (place !== 'inhouse' || ownFolder === null) return 'other'
  return /^[\\/]/.test(path.slice(ownFolder.length)) && path.startsWith(ownFolder) ? 'own' : 'referenced'
}

/** Bytes lacking of a file that does not fit; 0 where it does. */
export function missingBytes({ fit, memory, budgetBytes }: FileFit): number {
  return fit === 'no' && isKnown(memory) ? Math.max(0, memory.value - budgetBytes) : 0
}

/** True where every word typed is in the row's name, quantization, model, place or path. */
export function rowMatches({ file, model }: LibraryRow, typed: string): boolean {
  const text = [
    file.name,
    file.header?.quantizationName ?? '',
    file.header?.license ?? '',
    model?.name ?? '',
    file.place,
    file.path,
  ]
    .join(' ')
    .toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
