import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const CLI = path.resolve(import.meta.dirname, '../out/main/cli.js')
const LARGEST_OUTPUT_BYTES = 16 * 1024 * 1024

/** What the built command line prints with `--json`. */
export async function runCliJson<T>(argumentsOfCli: readonly string[], dataFolder: string): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...argumentsOfCli, '--json'], {
    env: { ...process.env, INHOUSE_DATA_DIR: dataFolder },
    maxBuffer: LARGEST_OUTPUT_BYTES,
  })
  return JSON.parse(stdout) as T
}
