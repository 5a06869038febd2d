import { spawn } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'

/** What became of one command. A tool's error text often stands on stdout, so the text is kept whatever the exit. */
export interface ToolOutput {
  readonly outcome: 'ok' | 'missing' | 'timed-out' | 'failed'
  readonly stdout: string
  readonly exitCode: number | null
  readonly detail: string | null
}

interface RunOptions {
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal | null
  readonly environment?: Readonly<Record<string, string>>
}

/** The only way the probe touches the machine: commands, files and folders. Nothing here ever rejects. */
export interface ToolRunner {
  readonly run: (command: string, args: readonly string[], options: RunOptions) => Promise<ToolOutput>
  /** Null when it cannot be read. */
  readonly readFile: (path: string) => Promise<string | null>
  /** Last part of a link's target, null when it is no link. */
  readonly readLink: (path: string) => Promise<string | null>
  /** Names in a folder; empty when there is none. */
  readonly list: (path: string) => Promise<readonly string[]>
}

/** More than any tool has to say; a runaway is cut off there. */
const MOST_OUTPUT_CHARACTERS = 4_000_000

/** A tool that ended but whose helper still holds the pipe has said all it will. */
const AFTER_EXIT_MILLISECONDS = 200

function isMissing(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOTDIR'
}

/** Runs without a shell, in English, hidden, its whole process group ended at the time limit. */
function runCommand(command: string, args: readonly string[], options: RunOptions): Promise<ToolOutput> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
      env: { ...process.env, LC_ALL: 'C', LANG: 'C', ...options.environment },
    })
    let stdout = ''
    let stderr = ''
    const end = (): void => {
      // Nothing was started. The handle's process id is not set then, and killing it may hit any process.
      if (child.pid === undefined) return
      try {
        if (process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
        else child.kill('SIGKILL')
      } catch {
        // Already gone.
      }
    }
    const finish = (output: Omit<ToolOutput, 'stdout'>): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', abort)
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
      resolve({ ...output, stdout })
    }
    const stop = (detail: string): void => {
      end()
      finish({ outcome: 'timed-out', exitCode: null, detail })
    }
    const abort = (): void => stop('cancelled')
    const timer = setTimeout(
      () => stop(`no answer within ${options.timeoutMilliseconds / 1000} s`),
      options.timeoutMilliseconds,
    )
    const ended = (exitCode: number | null): void =>
      finish(
        exitCode === 0
          ? { outcome: 'ok', exitCode, detail: null }
          : { outcome: 'failed', exitCode, detail: stderr.trim().split('\n')[0] || `exit code ${exitCode}` },
      )
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish({
        outcome: isMissing(error) ? 'missing' : 'failed',
        exitCode: null,
        detail: error.code ?? error.message,
      }),
    )
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text.slice(0, MOST_OUTPUT_CHARACTERS - stdout.length)
      if (stdout.length >= MOST_OUTPUT_CHARACTERS) stop('printed too much')
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < 10_000) stderr += text
    })
    child.on('exit', (exitCode) => setTimeout(() => ended(exitCode), AFTER_EXIT_MILLISECONDS).unref())
    child.on('close', (exitCode) => ended(exitCode))
    if (options.signal?.aborted === true) abort()
    else options.signal?.addEventListener('abort', abort)
  })
}

/** The real machine. */
export const systemRunner: ToolRunner = {
  run: runCommand,
  readFile: async (path) => {
    try {
      return await readFile(path, 'utf8')
    } catch {
      return null
    }
  },
  readLink: async (path) => {
    try {
      return (await readlink(path)).split('/').at(-1) ?? null
    } catch {
      return null
    }
  },
  list: async (path) => {
    try {
      return await readdir(path)
    } catch {
      return []
    }
  },
}
