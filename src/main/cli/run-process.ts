import { appFolders } from '#backend/store/app-folders.ts'
import { packageFile } from '#backend/store/package-root.ts'
import path from 'node:path'
import type { CliContext } from './cli-context.ts'
import { runCli } from './run-cli.ts'
import { styleOf } from './text/style.ts'

/** A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours and deserves no message. */
function endQuietlyWhenReaderLeaves(process: NodeJS.Process): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

/** Resolves when the stream can take more, so that a long answer never piles up in memory. */
async function writeWhole(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve))
}

/** Writes one line over itself on a terminal. */
function progressLine(stream: NodeJS.WriteStream): CliContext['showProgress'] {
  if (!stream.isTTY) return null
  let isShown = false
  return (text) => {
    if (text === null && !isShown) return
    stream.write(`\r\u001b[2K${text ?? ''}`)
    isShown = text !== null
  }
}

/** The command line on a real process: its arguments, streams and exit code. */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  endQuietlyWhenReaderLeaves(process)
  const folders = appFolders(process.env)
  const context: CliContext = {
    version: packageFile(path.join(folders.root, 'package.json')).version ?? 'unknown',
    root: folders.root,
    dataFolder: folders.dataFolder,
    userFolder: folders.userFolder,
    style: styleOf(process.stdout, process.env),
    write: (text) => writeWhole(process.stdout, text),
    writeError: (text) => void process.stderr.write(text),
    showProgress: progressLine(process.stderr),
    stdin: process.stdin,
  }
  process.exitCode = await runCli(process.argv.slice(2), context)
}
