import type { Style } from './text/style.ts'

/** What a command may touch of the process; made once by the entry. */
export interface CliContext {
  readonly version: string
  /** Of the package. */
  readonly root: string
  readonly dataFolder: string
  readonly userFolder: string
  /** Of stdout. */
  readonly style: Style
  /** Writes to stdout; resolves when the reader can take more. */
  readonly write: (text: string) => Promise<void>
  /** Writes to stderr. */
  readonly writeError: (text: string) => void
  /** Shows one line in place of the last, or removes it; null where nobody watches (a pipe, a file). */
  readonly showProgress: ((text: string | null) => void) | null
  readonly stdin: NodeJS.ReadableStream
}

/** Writes one value as JSON, readable for people and for scripts. */
export async function writeJson(context: CliContext, value: unknown): Promise<void> {
  await context.write(`${JSON.stringify(value, null, 2)}\n`)
}
