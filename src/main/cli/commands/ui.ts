import { startWebHost } from '../../web-host.ts'
import type { CliContext } from '../cli-context.ts'

export interface UiOptions {
  readonly port?: number
  readonly host: string
  readonly open: boolean
}

/** Resolves when the user (Ctrl+C) or the system asks the process to end. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}

/** `inhouse ui`: serves until it is asked to end. */
export async function ui(options: UiOptions, context: CliContext): Promise<void> {
  const webHost = await startWebHost({
    host: options.host,
    openBrowser: options.open,
    ...(options.port === undefined ? {} : { port: options.port }),
  })
  if (webHost.warning !== null) context.writeError(`${webHost.warning}\n`)
  await context.write('Inhouse is at\n')
  for (const url of [webHost.url, ...webHost.networkUrls]) await context.write(`  ${url}\n`)
  await context.write(`${context.style.dim('The address holds the key to it; Ctrl+C ends it.')}\n`)
  await askedToEnd()
  await webHost.close()
}
