import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { RPCHandler } from '@orpc/server/message-port'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  net,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron'
import { createBackend } from '#backend/api/backend.ts'
import { createRouter } from '#backend/api/router.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { appVersion } from './app-version.ts'
import { answerAppRequest } from './electron/answer-app-request.ts'
import { APP_ORIGIN, APP_SCHEME } from './electron/app-scheme.ts'
import { keyStore } from './electron/key-store.ts'
import { linkHosts } from './electron/external-links.ts'
import { guardNavigation } from './electron/guard-navigation.ts'
import { hardenSession } from './electron/harden-session.ts'
import { menuTemplate } from './electron/menu-template.ts'
import { receivePort } from './electron/receive-port.ts'
import { windowOptions } from './electron/window-options.ts'
import { readWindowState, writeWindowState } from './electron/window-state.ts'

/**
 * The desktop host: wires the window, its page and the backend together. The only file that imports Electron for values;
 * what it wires takes the parts of Electron it needs as arguments and is tested without it.
 */
const folders = appFolders()
const backend = createBackend({
  host: 'desktop',
  folders,
  version: appVersion(folders),
  keyStore: (otherwise) =>
    keyStore({
      encryption: safeStorage,
      whenReady: () => app.whenReady(),
      platform: process.platform,
      userFolder: folders.userFolder,
      otherwise,
    }),
})
const calls = new RPCHandler(createRouter(backend))
let allowedLinks = linkHosts([])

// Beside the rest of what this app keeps, so that moving the folder moves all of it; Electron wants it to exist.
const sessionFolder = path.join(folders.userFolder, 'desktop')
mkdirSync(sessionFolder, { recursive: true })
app.setPath('userData', sessionFolder)
app.enableSandbox()
protocol.registerSchemesAsPrivileged([APP_SCHEME])
guardNavigation(app, { shell, linkHosts: () => allowedLinks })

async function openWindow(): Promise<void> {
  const screens = screen.getAllDisplays().map((display) => display.workArea)
  const state = await readWindowState(folders.userFolder, screens)
  const window = new BrowserWindow(windowOptions(state, path.join(folders.root, 'out/preload/index.cjs')))
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    writeWindowState(folders.userFolder, window.getNormalBounds(), window.isMaximized()).catch(console.warn)
  })
  await window.loadURL(`${APP_ORIGIN}/`)
}

/** Somebody started the app again, or clicked its icon. */
function showFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return void openWindow().catch(failStart)
  if (window.isMinimized()) window.restore()
  window.focus()
}

async function start(): Promise<void> {
  await app.whenReady()
  hardenSession(session.defaultSession)
  const files = { rendererFolder: folders.rendererFolder, fetchFile: (url: string) => net.fetch(url) }
  session.defaultSession.protocol.handle('app', (request) => answerAppRequest(request, files))
  receivePort(ipcMain, (port) => {
    calls.upgrade(port, { context: {} })
    port.start()
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform)))
  // Loaded while the window opens, because its page asks for it first.
  await Promise.all([openWindow(), allowLicenseLinks()])
}

/** A damaged catalogue costs the links here; the page itself says what is wrong with it. */
async function allowLicenseLinks(): Promise<void> {
  const catalogue = await backend.catalogue().catch(() => null)
  if (catalogue !== null) allowedLinks = linkHosts(catalogue.licenses)
}

function failStart(error: unknown): void {
  console.error(error)
  const reason = error instanceof InhouseError ? `${error.message}\n\n${error.nextStep}` : String(error)
  dialog.showErrorBox('Inhouse could not start', reason)
  app.exit(1)
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showFirstWindow)
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) showFirstWindow()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', () => backend.close())
  start().catch(failStart)
} else app.quit()
