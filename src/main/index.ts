import path from 'node:path'
import { RPCHandler } from '@orpc/server/message-port'
import { app, BrowserWindow, ipcMain, Menu, net, protocol, screen, session, shell } from 'electron'
import { createBackend } from '#backend/api/backend.ts'
import { createRouter } from '#backend/api/router.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { appVersion } from './app-version.ts'
import { answerAppRequest } from './electron/answer-app-request.ts'
import { APP_ORIGIN, APP_SCHEME } from './electron/app-scheme.ts'
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
const backend = createBackend({ host: 'desktop', folders, version: appVersion(folders) })
const calls = new RPCHandler(createRouter(backend))
let allowedLinks = linkHosts([])

app.setPath('userData', path.join(folders.userFolder, 'desktop'))
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

function showFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return
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
  await openWindow()
  await allowLicenseLinks()
}

/** A damaged catalogue costs the links here; the page itself says what is wrong with it. */
async function allowLicenseLinks(): Promise<void> {
  const catalogue = await backend.catalogue().catch(() => null)
  if (catalogue !== null) allowedLinks = linkHosts(catalogue.licenses)
}

function failStart(error: unknown): void {
  console.error(error)
  app.exit(1)
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showFirstWindow)
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow().catch(failStart)
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', () => backend.close())
  start().catch(failStart)
} else app.quit()
