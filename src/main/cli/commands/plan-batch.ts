import { asIfMachines } from '../as-if-machines.ts'
import { answerBatchLine } from '../batch/answer-batch-line.ts'
import { readLines } from '../batch/read-lines.ts'
import type { CliContext } from '../cli-context.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { openSession } from '../open-session.ts'

/** `inhouse plan --batch`: answers each line as it comes, in order; blank lines are skipped. */
export async function planBatch(file: string, options: MachineOptions, context: CliContext): Promise<void> {
  const { catalogue, machine } = await openSession(options, context)
  const world = { catalogue, machines: asIfMachines(machine, catalogue.accelerators) }
  let lineNumber = 0
  for await (const line of readLines(file, context.stdin)) {
    lineNumber += 1
    if (line.trim() === '') continue
    await context.write(`${JSON.stringify(answerBatchLine(line, lineNumber, world))}\n`)
  }
}
