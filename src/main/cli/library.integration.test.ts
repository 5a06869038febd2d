import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { libraryFileOutputSchema, libraryOutputSchema } from './schema/library-schema.ts'

let root: string
let models: string
let userFolder: string
/** A name that would colour the terminal and delete a line of it. */
const EVIL = 'e\u001B[31mvil\u001B[2K.gguf'

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-library-'))
  models = path.join(root, 'models')
  userFolder = path.join(root, 'user')
  await mkdir(models)
  await writeModelFile({
    model: shippedCatalogue.models.find(({ id }) => id === 'Qwen/Qwen3-0.6B')!,
    quantization: shippedCatalogue.quantizations.find(({ id }) => id === 'Q4_K_M')!,
    path: path.join(models, 'qwen.gguf'),
    fill: 'sparse',
    vocabulary: 'none',
  })
  await writeFile(
    path.join(models, process.platform === 'win32' ? 'evil.gguf' : EVIL),
    'no model at all, but long',
  )
})
afterAll(() => rm(root, { recursive: true }))

const inhouse = (...args: readonly string[]) => runInProcess(args, { userFolder })

/** What is found in the test's own folders; the machine it runs on may have models, too. */
async function listed() {
  const { exitCode, stderr, stdout } = await inhouse('library', '--gpu', 'RTX 4090', '--json')
  expect([exitCode, stderr]).toEqual([0, ''])
  const output: unknown = JSON.parse(stdout)
  expect(libraryOutputSchema.parse(output)).toEqual(output)
  const { files, folders } = libraryOutputSchema.parse(output)
  return {
    files: files.filter((file) => file.path.startsWith(root)),
    folders: folders.filter((folder) => folder.path.startsWith(root)),
  }
}

describe('inhouse library', () => {
  it('looks in a folder as long as it is asked to', async () => {
    expect((await listed()).files).toEqual([])
    const added = await inhouse('library', 'add', models)
    expect(added).toEqual({ exitCode: 0, stderr: '', stdout: `Looks for models in ${models} from now on\n` })
    const { files, folders } = await listed()
    expect(folders).toEqual([{ path: models, place: 'folder', fileCount: 2, problem: null }])
    expect(files.find(({ problem }) => problem === null)).toMatchObject({
      path: path.join(models, 'qwen.gguf'),
      kind: 'model',
      architecture: 'qwen3',
      quantization: 'Q4_K_M',
      contextTokens: 40_960,
      match: { model: 'Qwen/Qwen3-0.6B', by: 'shape' },
      fit: { fit: 'fits', contextTokens: 8192, memory: { unit: 'bytes', basis: 'estimated' } },
    })
    const text = await inhouse('library', '--gpu', 'RTX 4090')
    expect(text.stdout).toMatch(
      /Inhouse dry run +shape of Qwen3 0\.6B +Q4_K_M +0\.\d+ GB +40k +fits +~\d.*GiB +not stated +your folder/,
    )
    expect(text.stdout).toMatch(/vil.* cannot be used/)
    // oxlint-disable-next-line no-control-regex -- that none is there is the point
    expect(text.stdout).not.toMatch(/\u001B/)
    expect((await inhouse('library', 'remove', models)).stdout).toBe(
      `Looks in ${models} no more; its files stay\n`,
    )
    expect((await listed()).files).toEqual([])
  })

  it('uses a file where it lies, or copies it, and takes back both', async () => {
    const file = path.join(models, 'qwen.gguf')
    const referenced = await inhouse('library', 'import', file, '--json')
    expect(libraryFileOutputSchema.parse(JSON.parse(referenced.stdout))).toMatchObject({ path: file })
    expect((await listed()).files.map((one) => one.path)).toEqual([file])
    expect((await inhouse('library', 'remove', file)).stdout).toBe(`Forgot ${file}; the file stays\n`)

    const small = path.join(models, 'small.gguf')
    const model = shippedCatalogue.models.find(({ id }) => id === 'Qwen/Qwen3-0.6B')!
    await writeModelFile({
      model: { ...model, architecture: { ...model.architecture, layers: 2, hidden: 64, vocabulary: 300 } },
      quantization: shippedCatalogue.quantizations.find(({ id }) => id === 'Q8_0')!,
      path: small,
      fill: 'zeros',
    })
    const copy = path.join(userFolder, 'models', 'small.gguf')
    expect((await inhouse('library', 'import', small, '--copy')).stdout).toBe(
      `Copied to ${copy} (Inhouse dry run)\n`,
    )
    expect((await stat(copy)).size).toBe((await stat(small)).size)
    expect((await inhouse('library', 'remove', copy)).stdout).toBe(`Deleted ${copy}\n`)
    await expect(stat(copy)).rejects.toThrow(/ENOENT/)
  })

  it.each([
    [['library', 'rename'], 2, 'library cannot "rename".'],
    [['library', 'add', path.join(tmpdir(), 'no-such-folder-anywhere')], 1, 'There is no folder'],
    [['library', 'import', path.join(tmpdir(), 'no-such-file-anywhere.gguf')], 1, 'There is no file'],
    [['library', 'import', tmpdir()], 1, 'it is a folder'],
    [['library', 'remove', import.meta.filename], 2, 'so it is not deleted'],
  ] as const)('refuses %j in plain words', async (args, exitCode, message) => {
    const run = await inhouse(...args)
    expect([run.exitCode, run.stdout]).toEqual([exitCode, ''])
    expect(run.stderr).toContain(message)
  })
})
