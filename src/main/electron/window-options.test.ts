import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP_SCHEME } from './app-scheme.ts'
import { menuTemplate } from './menu-template.ts'
import { windowOptions } from './window-options.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
let folder = ''
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'inhouse-window-'))))
afterAll(() => rm(folder, { recursive: true }))

describe('the window', () => {
  it('is safe by name, not by default', async () => {
    const { webPreferences } = windowOptions(await readWindowState(folder, [screen]), '/preload.cjs')
    expect(webPreferences).toEqual({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    })
  })

  it('gives its scheme no way around the policy', () => {
    expect(APP_SCHEME.privileges).not.toHaveProperty('bypassCSP')
    expect(APP_SCHEME.privileges).not.toHaveProperty('corsEnabled')
  })

  it('comes back where it was left, but not on a screen that is gone', async () => {
    const bounds = { x: 2000, y: 50, width: 1000, height: 700 }
    await writeWindowState(folder, bounds, true)
    const second = { ...screen, x: 1920 }
    expect(await readWindowState(folder, [screen, second])).toEqual({ bounds, maximized: true })
    expect(await readWindowState(folder, [screen])).toEqual({
      bounds: { width: 1000, height: 700 },
      maximized: true,
    })
  })

  it('opens at its usual size when the file is damaged', async () => {
    await writeFile(path.join(folder, 'window.json'), '{"bounds": {"width": -1}}')
    expect((await readWindowState(folder, [screen])).bounds).toEqual({ width: 1280, height: 840 })
  })

  it('has the standard menus, and the application menu where there is one', () => {
    const roles = (platform: NodeJS.Platform) => menuTemplate(platform).map(({ role }) => role)
    expect(roles('linux')).toEqual(['fileMenu', 'editMenu', 'viewMenu', 'windowMenu'])
    expect(roles('darwin')[0]).toBe('appMenu')
  })
})
