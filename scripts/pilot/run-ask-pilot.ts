import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { Task } from './ask-pilot.ts'

/** Asks a model in a process of its own; the answers in the order of the conversations. */
export async function askPilot(task: Task): Promise<readonly string[]> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'ask-pilot.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  child.stdin.end(JSON.stringify(task))
  const output = await text(child.stdout)
  const code = await ended
  if (code !== 0) throw new Error(`The process that asks the pilot ended with ${code}.`)
  return JSON.parse(output) as string[]
}
