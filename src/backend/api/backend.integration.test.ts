import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createBackend, type Backend } from '#backend/api/backend.ts'
import { appFolders, type AppFolders } from '#backend/store/app-folders.ts'
import type { FinishedScan, ScanUpdate } from '#contract/answers.ts'

let folder = ''
let folders: AppFolders
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-backend-'))
  folders = { ...appFolders(), userFolder: path.join(folder, 'user') }
})
afterEach(() => rm(folder, { recursive: true }))

const start = (): Backend => createBackend({ host: 'web', folders, version: '1.2.3' })

async function scanned(backend: Backend): Promise<{ updates: ScanUpdate[]; finished: FinishedScan }> {
  const updates: ScanUpdate[] = []
  const scan = backend.scan(undefined)
  for (;;) {
    const next = await scan.next()
    if (next.done === true) return { updates, finished: next.value }
    updates.push(next.value)
  }
}

it('scans the machine it runs on, telling what is still open, and remembers the result for the next start', async () => {
  const backend = start()
  expect(await backend.lastScan()).toBeNull()
  const { updates, finished } = await scanned(backend)
  expect(updates.length).toBeGreaterThan(0)
  for (const { pendingTools } of updates) expect(pendingTools.length).toBeGreaterThan(0)
  expect(finished.machine.memory.totalBytes).toBeGreaterThan(0)
  expect(finished.machine.asIf).toBe(false)
  expect(await backend.lastScan()).toBe(finished.machine)
  expect(await start().lastScan()).toEqual(finished.machine)
})

it('streams free memory of the scanned machine until it is closed', async () => {
  const backend = start()
  await expect(backend.watchFreeMemory(undefined).next()).rejects.toMatchObject({ code: 'NOT_SCANNED' })
  const { machine } = (await scanned(backend)).finished
  const stream = backend.watchFreeMemory(undefined)
  const first = await stream.next()
  expect(first.done).toBe(false)
  expect(first.value).toMatchObject({ ramFreeBytes: expect.any(Number) })
  expect(first.value?.acceleratorFreeBytes).toHaveLength(machine.accelerators.length)
  const next = stream.next()
  backend.close()
  expect(await next).toEqual({ done: true, value: undefined })
})

it('does not remember a scan that was called off', async () => {
  const backend = start()
  const scan = backend.scan(AbortSignal.abort())
  for (let next = await scan.next(); next.done !== true; next = await scan.next());
  expect(await backend.lastScan()).toBeNull()
})

it('still scans where nothing can be remembered', async () => {
  await writeFile(path.join(folder, 'user'), 'a file where the folder should be')
  const { finished } = await scanned(start())
  expect(finished.machine.scannedAt).not.toBeNull()
})

it('says which catalogue file is damaged, whatever is asked, and recovers when it is repaired', async () => {
  const dataFolder = path.join(folder, 'data')
  await cp(folders.dataFolder, dataFolder, { recursive: true, filter: (file) => !file.endsWith('.jsonl') })
  await writeFile(path.join(dataFolder, 'models.json'), '{}')
  const backend = createBackend({ host: 'web', folders: { ...folders, dataFolder }, version: '1.2.3' })
  const damaged = { code: 'CATALOGUE_CORRUPT', message: expect.stringContaining('models.json') }
  await expect(backend.catalogue()).rejects.toMatchObject(damaged)
  await expect(scanned(backend)).rejects.toMatchObject(damaged)
  await cp(path.join(folders.dataFolder, 'models.json'), path.join(dataFolder, 'models.json'))
  expect((await backend.catalogue()).models.length).toBeGreaterThan(100)
})

it('loads the catalogue once, and again when a file of the user changed', async () => {
  const backend = start()
  const first = await backend.catalogue()
  expect(await backend.catalogue()).toBe(first)
  await backend.changeSettings({ theme: 'dark' })
  await writeFile(path.join(folders.userFolder, 'models.json'), '[{}]')
  const second = await backend.catalogue()
  expect(second.problems).toHaveLength(1)
  expect(await backend.catalogue()).toBe(second)
})

it('tells what is running, and writes a report without names of this machine or its user', async () => {
  const backend = start()
  expect(await backend.info()).toMatchObject({
    version: '1.2.3',
    host: 'web',
    userFolder: folders.userFolder,
  })
  expect(await backend.info()).toMatchObject({ nodeLlamaCppVersion: expect.stringMatching(/^3\./) })
  expect((await backend.doctor()).length).toBeGreaterThan(100)
  expect(await readdir(folder)).toEqual([])
})
