import { describe, expect, it } from 'vitest'
import type { LibraryFile } from '#contract/library.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import { sortedAfterClick, sortLibrary } from './library-columns.ts'
import { libraryGroups, rowMaker, rowMatches } from './library-row.ts'

function file(path: string, changes: Partial<LibraryFile> = {}): LibraryFile {
  return {
    path,
    place: 'folder',
    name: path.slice(path.lastIndexOf('/') + 1),
    fileBytes: 1e9,
    shards: 1,
    modifiedAt: '2026-11-25T10:00:00.000Z',
    state: 'listed',
    header: null,
    problem: null,
    match: null,
    ...changes,
  }
}

function read(path: string, header: Partial<ModelHeader>, changes: Partial<LibraryFile> = {}): LibraryFile {
  return file(path, { state: 'read', header: { kind: 'model', ...header } as ModelHeader, ...changes })
}

const NOTHING_KNOWN = { ownFolder: '/own', machine: null, catalogue: null }
const rowOf = rowMaker(NOTHING_KNOWN)

describe('rows of the library', () => {
  it('stand in groups; what is not read yet is taken for a model', () => {
    const groups = libraryGroups(
      [
        file('/m/new.gguf'),
        read('/m/model.gguf', {}),
        read('/m/tune.gguf', { kind: 'adapter' }),
        read('/m/eyes.gguf', { kind: 'projector' }),
        file('/m/bad.gguf', { state: 'broken', problem: 'No GGUF file.' }),
      ],
      rowOf,
    )
    const names = (rows: typeof groups.models) => rows.map((row) => row.file.name)
    expect(names(groups.models)).toEqual(['new.gguf', 'model.gguf'])
    expect(names(groups.adapters)).toEqual(['tune.gguf', 'eyes.gguf'])
    expect(names(groups.broken)).toEqual(['bad.gguf'])
  })

  it.each([
    ['/own/a.gguf', 'inhouse', '/own', 'own'],
    ['D:\\own\\a.gguf', 'inhouse', 'D:\\own', 'own'],
    ['/own-not/a.gguf', 'inhouse', '/own', 'referenced'],
    ['/else/a.gguf', 'inhouse', '/own', 'referenced'],
    ['/own/a.gguf', 'inhouse', null, 'other'],
    ['/else/a.gguf', 'ollama', '/own', 'other'],
  ] as const)('%s of %s may be removed as %s says: %s', (path, place, ownFolder, ownership) => {
    const { models } = libraryGroups([file(path, { place })], rowMaker({ ...NOTHING_KNOWN, ownFolder }))
    expect(models[0]?.ownership).toBe(ownership)
  })

  it('are found by every word typed', () => {
    const [row] = libraryGroups([read('/m/qwen.gguf', { quantizationName: 'Q4_K_M' })], rowOf).models
    expect(['', 'qwen', 'QWEN q4', 'folder'].map((typed) => rowMatches(row!, typed))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(rowMatches(row!, 'qwen q8')).toBe(false)
  })

  it('are sorted by a column, what is not known last in both directions', () => {
    const rows = libraryGroups(
      [
        file('/m/c.gguf'),
        read('/m/a.gguf', { contextTokens: 8192 }),
        read('/m/b.gguf', { contextTokens: 2048 }),
      ],
      rowOf,
    ).models
    const names = (direction: 'ascending' | 'descending') =>
      sortLibrary(rows, { by: 'context', direction }).map((row) => row.file.name)
    expect(names('ascending')).toEqual(['b.gguf', 'a.gguf', 'c.gguf'])
    expect(names('descending')).toEqual(['a.gguf', 'b.gguf', 'c.gguf'])
    const once = sortedAfterClick({ by: 'name', direction: 'ascending' }, 'size')
    expect([once, sortedAfterClick(once, 'size')]).toEqual([
      { by: 'size', direction: 'ascending' },
      { by: 'size', direction: 'descending' },
    ])
  })
})
