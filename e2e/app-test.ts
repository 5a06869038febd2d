import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { _electron, test as base, expect, type Page } from '@playwright/test'
import { electronBinary, noWindowBecause } from './electron-binary.ts'
import { watchPage, type PageWatch } from './watch-page.ts'
import { startWebHostProcess } from './web-host-process.ts'

export interface HostOptions {
  /** Which host serves the app: a web page, or the desktop window. */
  readonly host: 'web' | 'desktop'
}

interface Backend {
  /** Ends the host as a crash would. */
  stop(): Promise<void>
  /** Starts it again at the same port; it makes a new token. */
  startAgain(): Promise<void>
}

interface AppFixtures {
  /** Folder of what the app remembers; files put there before `app` is used are found at the start. */
  readonly dataFolder: string
  readonly running: {
    readonly page: Page
    readonly origin: string
    readonly backend: Backend
    readonly watch: PageWatch
  }
  /** The app's first page, open and answering. After each test: no console error, no policy violation, no foreign request. */
  readonly app: Page
  /** Opens an address of the app: `openAt('/models')`. */
  readonly openAt: (address: string) => Promise<void>
  readonly backend: Backend
  /** Call it in tests that break something on purpose: the browser then reports failed requests. */
  readonly expectConsoleErrors: () => void
}

/** The test of every spec: one set of specs for both hosts, none of which asks where it runs. */
export const test = base.extend<AppFixtures & HostOptions>({
  host: ['web', { option: true }],

  // Playwright reads the names of what a fixture needs from this pattern: it must be one, though it is empty.
  // oxlint-disable-next-line no-empty-pattern
  dataFolder: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'inhouse-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },

  running: async ({ host, browser, contextOptions, viewport, dataFolder }, use, testInfo) => {
    if (host === 'desktop') {
      const electron = electronBinary()
      testInfo.skip(electron.kind === 'missing', electron.kind === 'missing' ? electron.reason : '')
      const noWindow = noWindowBecause()
      testInfo.skip(noWindow !== null, noWindow ?? '')
      if (electron.kind === 'missing') return
      const application = await _electron.launch({
        executablePath: electron.file,
        args: ['.', `--user-data-dir=${path.join(dataFolder, 'window')}`],
        env: { ...(process.env as Record<string, string>), INHOUSE_DATA_DIR: dataFolder },
      })
      const page = await application.firstWindow()
      if (viewport !== null) await page.setViewportSize(viewport)
      await use({
        page,
        origin: 'app://inhouse',
        watch: watchPage(page, 'app://inhouse'),
        backend: {
          stop: () => Promise.reject(new Error('a window and its backend live and die together')),
          startAgain: () => Promise.reject(new Error('a window and its backend live and die together')),
        },
      })
      await application.close()
      return
    }
    let webHost = await startWebHostProcess(dataFolder)
    const { origin, port } = webHost.url
    const context = await browser.newContext({
      ...contextOptions,
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    const watch = watchPage(page, origin)
    await page.goto(webHost.url.href)
    await use({
      page,
      origin,
      watch,
      backend: {
        stop: () => webHost.stop(),
        startAgain: async () => {
          webHost = await startWebHostProcess(dataFolder, Number(port))
        },
      },
    })
    await context.close()
    await webHost.stop()
  },

  app: async ({ running }, use) => {
    await use(running.page)
    expect(running.watch.foreignRequests(), 'requests to other origins').toEqual([])
    expect(running.watch.problems(), 'console errors and content policy violations').toEqual([])
  },

  openAt: async ({ app, running }, use) => {
    await use(async (address) => void (await app.goto(`${running.origin}${address}`)))
  },

  backend: async ({ running, host }, use, testInfo) => {
    testInfo.skip(host === 'desktop', 'a window and its backend live and die together')
    await use(running.backend)
  },

  expectConsoleErrors: async ({ running }, use) => {
    await use(() => running.watch.expectErrors())
  },
})

export { expect }
