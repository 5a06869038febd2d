import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { settingsFile } from '#backend/store/settings-file.ts'
import { DEFAULT_SETTINGS } from '#contract/settings.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'inhouse-settings-'))))
afterEach(() => rm(folder, { recursive: true }))

const whatIf = { gpus: ['2x RTX 3090'], vramBytes: null, ramBytes: 128e9, cpuCores: null, backend: null }

it('starts with the defaults and changes only what is given', async () => {
  const settings = settingsFile(folder)
  expect(await settings.read()).toEqual(DEFAULT_SETTINGS)
  await settings.change({ theme: 'dark' })
  expect(await settings.change({ whatIf })).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', whatIf })
  expect(await settingsFile(folder).read()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', whatIf })
})

it('loses none of several changes at once', async () => {
  const settings = settingsFile(folder)
  const needs = { ...DEFAULT_SETTINGS.needs, users: 4 }
  await Promise.all([
    settings.change({ theme: 'light' }),
    settings.change({ whatIf }),
    settings.change({ needs }),
  ])
  expect(await settings.read()).toEqual({ ...DEFAULT_SETTINGS, theme: 'light', whatIf, needs })
})

it('keeps the parts of a file that are right', async () => {
  const stored = { theme: 'dark', needs: { users: 'many' }, whatIf: 7, other: true }
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(stored))
  expect(await settingsFile(folder).read()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' })
})
