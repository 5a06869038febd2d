import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freeDiskBytes, supportsSparseFiles } from '#backend/gguf/sparse-support.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-sparse-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('finds out with a small file and leaves none', async () => {
  expect(typeof (await supportsSparseFiles(folder))).toBe('boolean')
  expect(await readdir(folder)).toEqual([])
})

it('says what the file system says where the folder does not exist', async () => {
  await expect(supportsSparseFiles(path.join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' })
})

it('reads the free bytes of a disk', async () => {
  expect(await freeDiskBytes(folder)).toBeGreaterThan(0)
})
