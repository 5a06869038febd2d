import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AllocatorFailure, AllocatorRecord } from './allocator-record.ts'

/** What the allocator said about some models. */
export interface AllocatorAnswers {
  readonly records: readonly AllocatorRecord[]
  readonly failures: readonly AllocatorFailure[]
}

const CHILD = fileURLToPath(new URL('./allocator-child.ts', import.meta.url))
/** Models a process is asked about; it keeps what it read of each. */
const MODELS_A_PROCESS = 20

function runChild(
  folder: string,
  names: readonly string[],
): Promise<{ output: string; error: string | null }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CHILD, folder, ...names], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ output: stdout, error: error ? stderr.slice(-300) || error.message : null }),
    )
  })
}

async function askSome(folder: string, names: readonly string[]): Promise<AllocatorAnswers> {
  const records: AllocatorRecord[] = []
  const failures: AllocatorFailure[] = []
  let rest = [...names]
  while (rest.length > 0) {
    const { error, output } = await runChild(folder, rest)
    const answers = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as AllocatorRecord | AllocatorFailure)
    for (const answer of answers) {
      if ('reason' in answer) failures.push(answer)
      else records.push(answer)
    }
    rest = rest.slice(answers.length)
    // A process that ended early ended over the first model it did not answer for.
    const ended = error === null ? undefined : rest.shift()
    if (ended !== undefined) failures.push({ model: ended, reason: error ?? '' })
    else if (error === null) break
  }
  return { records, failures }
}

/** Asks llama.cpp's allocator about models, in child processes. */
export async function askAllocator(names: readonly string[]): Promise<AllocatorAnswers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inhouse-allocator-'))
  try {
    const answers: AllocatorAnswers[] = []
    for (let start = 0; start < names.length; start += MODELS_A_PROCESS)
      answers.push(await askSome(folder, names.slice(start, start + MODELS_A_PROCESS)))
    return {
      records: answers.flatMap((each) => each.records),
      failures: answers.flatMap((each) => each.failures),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
