import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { appFolders } from '#backend/store/app-folders.ts'
import { packageRoot } from '#backend/store/package-root.ts'

it('finds the package from its source', () => {
  expect(appFolders({}).dataFolder).toBe(path.join(packageRoot(), 'data'))
  expect(path.join(packageRoot(), 'src', 'backend', 'store')).toBe(import.meta.dirname)
})

it('finds the package from the chunk of a build, past packages that are not Inhouse', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'inhouse-root-'))
  const chunks = path.join(root, 'out', 'main', 'chunks')
  await mkdir(chunks, { recursive: true })
  await writeFile(path.join(root, 'package.json'), '{"name": "inhouse"}')
  await writeFile(path.join(root, 'out', 'package.json'), '{"type": "module"}')
  expect(packageRoot(chunks)).toBe(root)
  expect(() => packageRoot(tmpdir())).toThrow('No package.json of Inhouse')
  await rm(root, { recursive: true })
})

it('keeps what is remembered where the environment says, else where this system keeps such things', () => {
  expect(appFolders({ INHOUSE_DATA_DIR: '/elsewhere' }).userFolder).toBe(path.resolve('/elsewhere'))
  expect(appFolders({ INHOUSE_DATA_DIR: '' }).userFolder).toMatch(/inhouse/i)
})
