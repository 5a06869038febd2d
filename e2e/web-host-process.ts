import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

const WEB_HOST = path.resolve(import.meta.dirname, '../out/main/web-host.js')

/** The built web host as its own process, as a user starts it. */
export interface WebHostProcess {
  /** The address it printed, with its token. */
  readonly url: URL
  stop(): Promise<void>
}

/** Starts the web host on a port (0: any free one) with a folder of its own for what it remembers. */
export async function startWebHostProcess(dataFolder: string, port = 0): Promise<WebHostProcess> {
  const child = spawn(process.execPath, [WEB_HOST, '--port', String(port)], {
    env: { ...process.env, INHOUSE_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await firstLine(child)
  return {
    url: new URL(address),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the web host was started without a pipe for its output')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the web host ended with code ${String(code)} before it printed its address`)
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  ended.catch(() => undefined)
  return line
}
