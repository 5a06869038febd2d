import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dryRunFolder, newDryRunFile, removeLeftovers } from '#backend/llama/dry-run-folder.ts'

let userFolder: string
beforeEach(async () => void (userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-dry-run-'))))
afterEach(() => rm(userFolder, { recursive: true, force: true }))

it('removes what a process that is gone left behind, and nothing else', async () => {
  const own = await newDryRunFile(userFolder)
  const { pid } = spawnSync(process.execPath, ['--version'])
  const folder = dryRunFolder(userFolder)
  const names = [path.basename(own), `${pid}-0a1b.gguf`, `${process.ppid}-0a1b.gguf`, 'mine.gguf', '12-x.txt']
  for (const name of names) await writeFile(path.join(folder, name), '')
  expect(await removeLeftovers(userFolder)).toBe(1)
  expect((await readdir(folder)).toSorted()).toEqual(
    names.filter((name) => !name.startsWith(`${pid}-`)).toSorted(),
  )
})

it('finds nothing to remove where nothing was ever measured', async () => {
  expect(await removeLeftovers(path.join(userFolder, 'never'))).toBe(0)
})
