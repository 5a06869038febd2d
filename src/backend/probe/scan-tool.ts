import type { RawEntry } from '#backend/probe/sighting.ts'
import type { ToolOutput, ToolRunner } from '#backend/probe/tool-runner.ts'

/** What a tool brought back. */
export interface Collected {
  readonly entries: readonly RawEntry[]
  readonly outcome: ToolOutput['outcome']
  readonly detail: string | null
}

export interface CollectContext {
  readonly runner: ToolRunner
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal | null
  readonly modelsFolder: string
  /** Where the runtime's answer is remembered; null: asked anew each time. */
  readonly cacheFolder: string | null
}

/** One tool of the scan: a command or a set of files, asked side by side with all others. */
export interface ScanTool {
  readonly name: string
  readonly collect: (context: CollectContext) => Promise<Collected>
}

/** Runs one command; its text is kept under the command line as key, whatever the exit code. */
export async function collectCommand(
  context: CollectContext,
  command: string,
  args: readonly string[],
  key?: string,
): Promise<Collected> {
  const { runner, timeoutMilliseconds, signal } = context
  const output = await runner.run(command, args, { timeoutMilliseconds, signal })
  const entry = { key: key ?? [command, ...args].join(' '), text: output.stdout, exitCode: output.exitCode }
  return {
    entries: output.stdout === '' ? [] : [entry],
    outcome: output.outcome,
    detail: output.detail,
  }
}

/** Reads files side by side; those that are not there are left out. */
export async function readEntries(
  runner: ToolRunner,
  paths: readonly string[],
): Promise<readonly RawEntry[]> {
  const texts = await Promise.all(paths.map((path) => runner.readFile(path)))
  return paths.flatMap((key, index) => {
    const text = texts[index]
    return text === null || text === undefined ? [] : [{ key, text, exitCode: null }]
  })
}

/** A tool that only reads files: nothing to read is "missing". */
export function collectedFiles(entries: readonly RawEntry[]): Collected {
  return { entries, outcome: entries.length > 0 ? 'ok' : 'missing', detail: null }
}
