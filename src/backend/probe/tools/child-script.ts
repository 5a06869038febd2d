import type { CollectContext } from '#backend/probe/scan-tool.ts'
import type { ToolOutput } from '#backend/probe/tool-runner.ts'

/** Address of an installed package, for a child to import; null when it is not installed. */
export function packageUrl(name: string): string | null {
  try {
    return import.meta.resolve(name)
  } catch {
    return null
  }
}

/**
 * Runs a script with a package at hand (`await library()`) in a process of its own, which can crash, and be killed at the
 * time limit with all it started; a call inside this process can do neither, and one that waits synchronously stops
 * every timer with it. What the script returns is printed as JSON.
 */
export function runWithPackage(context: CollectContext, url: string, body: string): Promise<ToolOutput> {
  const { runner, timeoutMilliseconds, signal } = context
  const script = `
const library = async () => { const loaded = await import(process.env.INHOUSE_PACKAGE); return loaded.default ?? loaded }
const answer = await (async () => { ${body} })()
process.stdout.write(JSON.stringify(answer), () => process.exit(0))
`
  return runner.run(process.execPath, ['--input-type=module', '--eval', script], {
    timeoutMilliseconds,
    signal,
    environment: { ELECTRON_RUN_AS_NODE: '1', INHOUSE_PACKAGE: url, NODE_OPTIONS: '' },
  })
}
