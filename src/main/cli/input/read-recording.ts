import { replayMachine } from '#backend/probe/replay.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Machine } from '#core/machine/machine.ts'
import { invalidFile, readJsonInput } from './read-json-input.ts'

/** The verdict for a recorded machine: a bundle of `doctor --bundle`, or one sample `{os, raw}`. */
export async function readRecording(file: string, specs: readonly AcceleratorSpec[]): Promise<Machine> {
  const nextStep = 'Record one with: inhouse doctor --bundle out.json'
  const expected = { file, what: 'a recorded machine', nextStep }
  const outcome = replayMachine(await readJsonInput(expected), specs)
  if (outcome.kind === 'ok') return outcome.machine
  throw invalidFile(expected, outcome.message)
}
