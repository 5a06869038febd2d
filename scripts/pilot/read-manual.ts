import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Phrasings of one question, and the answer that the pilot knows by heart. */
export interface ManualEntry {
  readonly asked: readonly string[]
  readonly answer: string
}

export interface Manual {
  readonly entries: readonly ManualEntry[]
  /** What it says to questions about anything else. */
  readonly unknown: ManualEntry
}

/** The text the pilot was trained on. */
export function readManual(): Manual {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, 'manual.json'), 'utf8')) as Manual
}
