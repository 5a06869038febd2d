import { readFileSync } from 'node:fs'
import type { AllocatorFailure, AllocatorRecord } from './allocator-record.ts'
import type { AllocatorAnswers } from './ask-allocator.ts'

/** Where the answers of the allocator are kept. */
export const RECORDING = new URL('../fixtures/allocator-sweep.jsonl', import.meta.url)

/** The answers as recorded. */
export function readRecording(): AllocatorAnswers {
  const lines = readFileSync(RECORDING, 'utf8').trim().split('\n')
  const answers = lines.map((line) => JSON.parse(line) as AllocatorRecord | AllocatorFailure)
  return {
    records: answers.filter((each) => 'weightsBytes' in each),
    failures: answers.filter((each) => 'reason' in each),
  }
}
