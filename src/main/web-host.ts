#!/usr/bin/env node
import { createServer } from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createBackend, type Backend } from '#backend/api/backend.ts'
import { createRouter } from '#backend/api/router.ts'
import { appFolders, type AppFolders } from '#backend/store/app-folders.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { appVersion } from './app-version.ts'
import { freshNonce, readIndexPage } from './page/index-page.ts'
import {
  allowedHosts,
  isLoopback,
  listensEverywhere,
  networkAddresses,
  urlHost,
} from './web/allowed-hosts.ts'
import { createCallHandler } from './web/call-handler.ts'
import { closeServer } from './web/close-server.ts'
import { listen } from './web/listen.ts'
import { openBrowser } from './web/open-browser.ts'
import { createRequestListener } from './web/request-listener.ts'
import { createSession } from './web/session.ts'

/** Any free port, so that two users of one server never collide. */
const ANY_FREE_PORT = 0
const THIS_MACHINE = '127.0.0.1'

const OPEN_TO_NETWORK =
  'Others in this network can reach this address, and whoever has it with its token can use Inhouse here; the connection is not encrypted. Prefer the default address and "ssh -L" to reach it from another machine.'

export interface WebHostOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Address to listen on; by default only this machine reaches it. */
  readonly host?: string
  /** Open the system's browser at the address, where there is a display. */
  readonly openBrowser?: boolean
  readonly folders?: AppFolders
  /** By default a backend of its own. */
  readonly backend?: Backend
}

export interface WebHost {
  /** The address with its token, to print and to open. */
  readonly url: string
  /** The same for every address in the network, when it listens on all of them. */
  readonly networkUrls: readonly string[]
  /** What the user must know about this choice of address, or null. */
  readonly warning: string | null
  /** Ends every stream and stops listening. */
  close(): Promise<void>
}

/** Serves the app to a browser on this machine, or at the other end of a forwarded port. */
export async function startWebHost(options: WebHostOptions = {}): Promise<WebHost> {
  const { port: wantedPort = ANY_FREE_PORT, host = THIS_MACHINE, folders = appFolders() } = options
  // A missing page is said now, with what to do, and not by the browser later.
  await readIndexPage(folders.rendererFolder, freshNonce())
  const backend = options.backend ?? createBackend({ host: 'web', folders, version: appVersion(folders) })
  const server = createServer()
  const port = await listen(server, wantedPort, host)
  const session = createSession(port)
  server.on(
    'request',
    createRequestListener({
      session,
      allowedHosts: allowedHosts(host),
      rendererFolder: folders.rendererFolder,
      answerCall: createCallHandler(createRouter(backend)),
      receiveFile: (upload) => backend.library.receiveFile(upload),
    }),
  )
  // The page asks for the catalogue first: loading it while the browser starts takes that off the wait. A damaged one is
  // told to whoever asks.
  backend.catalogue().catch(() => null)
  const address = (name: string) => `http://${urlHost(name)}:${port}/?token=${session.token}`
  const url = address(listensEverywhere(host) ? THIS_MACHINE : host)
  if (options.openBrowser === true) await openBrowser(url)
  return {
    url,
    networkUrls: listensEverywhere(host) ? networkAddresses(host).map(address) : [],
    warning: isLoopback(host) ? null : OPEN_TO_NETWORK,
    close: async () => {
      backend.close()
      await closeServer(server)
    },
  }
}

/** The web host as a program of its own: `node out/main/web-host.js --port 8080`. */
async function runWebHost(): Promise<void> {
  const webHost = await startWebHost(parseOptions(process.argv.slice(2)))
  if (webHost.warning !== null) console.error(webHost.warning)
  for (const url of [webHost.url, ...webHost.networkUrls]) console.log(url)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void webHost.close())
}

function parseOptions(args: string[]): WebHostOptions {
  try {
    const { values } = parseArgs({ args, options: { port: { type: 'string' }, host: { type: 'string' } } })
    return {
      ...(values.port === undefined ? {} : { port: parsePort(values.port) }),
      ...(values.host === undefined ? {} : { host: values.host }),
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new InhouseError({
      code: 'BAD_USAGE',
      message: `${error.message}.`,
      nextStep: 'It takes --port and --host, both optional.',
      cause: error,
    })
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InhouseError({
    code: 'BAD_USAGE',
    message: `"${text}" is not a port.`,
    nextStep: 'Give a number from 0 (any free port) to 65535.',
  })
}

function reportAndFail(error: unknown): void {
  if (error instanceof InhouseError) console.error(`inhouse: ${error.message} ${error.nextStep}`)
  else console.error(error)
  process.exitCode = error instanceof InhouseError && error.code === 'BAD_USAGE' ? 2 : 1
}

// The CLI imports this file for `startWebHost`; only when it was itself started does it run.
if (path.parse(process.argv[1] ?? '').name === 'web-host') runWebHost().catch(reportAndFail)
