/**
 * How long a person waits for `recommend --json`: a fresh process each time, the scan of the machine included, beside
 * llm-checker's `recommend` on the same machine in the same run. The two take turns, so that a busy moment hits both.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { median } from './median.ts'

const RIVAL = 'llm-checker@3.8.1'
const OUR_RUNS = 9
const RIVAL_RUNS = 3
const TARGET_SECONDS = 0.7
const TARGET_RATIO = 8
const INSTALL_TIMEOUT_MILLISECONDS = 120_000
const RUN_TIMEOUT_MILLISECONDS = 120_000

interface Command {
  readonly name: string
  readonly args: readonly string[]
  readonly cwd: string
}

interface Outcome {
  readonly seconds: number
  readonly exitCode: number | null
  readonly errors: string
}

/** Runs one process to its end, output thrown away. */
function timeProcess({
  args,
  cwd,
  timeoutMilliseconds,
}: Omit<Command, 'name'> & { readonly timeoutMilliseconds: number }): Promise<Outcome> {
  const [program = process.execPath, ...rest] = args
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd,
      timeout: timeoutMilliseconds,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('error', (error) => resolve({ seconds: 0, exitCode: null, errors: error.message }))
    child.on('close', (exitCode) =>
      resolve({ seconds: (performance.now() - startedAt) / 1000, exitCode, errors }),
    )
  })
}

function ourCommand(root: string): Command {
  const built = path.join(root, 'out', 'main', 'cli.js')
  const source = path.join(root, 'src', 'main', 'cli.ts')
  const entry = existsSync(built) ? built : source
  return {
    name: `inhouse recommend --json (${path.relative(root, entry)})`,
    args: [process.execPath, entry, 'recommend', '--json'],
    cwd: root,
  }
}

/** Installs llm-checker once into a folder of its own; null, with the reason printed, where it cannot be had. */
async function rivalCommand(): Promise<Command | null> {
  const folder = path.join(tmpdir(), `inhouse-bench-${RIVAL.replace('@', '-')}`)
  const entry = path.join(folder, 'node_modules', 'llm-checker', 'bin', 'cli.js')
  if (existsSync(entry)) {
    console.log(`${RIVAL}: found in ${folder} from an earlier run`)
  } else {
    console.log(`${RIVAL}: installing into ${folder} (once; not timed)`)
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n')
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const { exitCode, errors } = await timeProcess({
      args: [npm, 'install', '--no-audit', '--no-fund', '--ignore-scripts', RIVAL],
      cwd: folder,
      timeoutMilliseconds: INSTALL_TIMEOUT_MILLISECONDS,
    })
    if (exitCode !== 0 || !existsSync(entry)) {
      const [reason = 'no reason given'] = errors.split('\n').filter((line) => line.includes('error'))
      console.log(`${RIVAL} could not be installed (${reason}); only our own time is measured`)
      return null
    }
  }
  const emptyFolder = path.join(folder, 'empty')
  await mkdir(emptyFolder, { recursive: true })
  return { name: `${RIVAL} recommend`, args: [process.execPath, entry, 'recommend'], cwd: emptyFolder }
}

async function timeRun(command: Command): Promise<number> {
  const { seconds, exitCode, errors } = await timeProcess({
    ...command,
    timeoutMilliseconds: RUN_TIMEOUT_MILLISECONDS,
  })
  if (exitCode !== 0) throw new Error(`${command.name} ended with ${exitCode}: ${errors.trim()}`)
  return seconds
}

function report(command: Command, seconds: readonly number[]): number {
  const middle = median(seconds)
  const range = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`
  console.log(`${command.name}: median ${middle.toFixed(3)} s (${range}) of ${seconds.length} cold processes`)
  return middle
}

/** Prints both medians and their ratio. */
export async function runColdRecommendBench(): Promise<void> {
  const ours = ourCommand(path.resolve(import.meta.dirname, '..'))
  const rival = await rivalCommand()
  console.log('one run of each first, not counted: it fills the disk cache')
  await timeRun(ours)
  if (rival !== null) await timeRun(rival)
  const ourSeconds: number[] = []
  const rivalSeconds: number[] = []
  for (let run = 0; run < OUR_RUNS; run += 1) {
    ourSeconds.push(await timeRun(ours))
    if (rival !== null && run % (OUR_RUNS / RIVAL_RUNS) === 0) rivalSeconds.push(await timeRun(rival))
  }
  const ourMedian = report(ours, ourSeconds)
  console.log(`  aim ≤ ${TARGET_SECONDS} s: ${ourMedian <= TARGET_SECONDS ? 'met' : 'not met'}`)
  if (rival === null) return
  const ratio = report(rival, rivalSeconds) / ourMedian
  console.log(
    `  ${ratio.toFixed(1)} times faster; aim ≥ ${TARGET_RATIO}: ${ratio >= TARGET_RATIO ? 'met' : 'not met'}`,
  )
}
