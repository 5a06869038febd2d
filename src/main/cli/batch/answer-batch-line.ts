import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { memoryJson } from '../json/plan-json.ts'
import { planRequest } from '../plan-request.ts'
import type { AsIfMachines } from '../as-if-machines.ts'
import { parseBatchLine } from './parse-batch-line.ts'

export interface BatchWorld {
  readonly catalogue: Catalogue
  readonly machines: AsIfMachines
}

/** The answer to one line: the figures of its plan, or why there are none. Never throws for what a line says. */
export function answerBatchLine(text: string, lineNumber: number, world: BatchWorld): object {
  const line = parseBatchLine(text, lineNumber)
  if (line.kind === 'error') return { id: line.id, line: lineNumber, error: line.error }
  try {
    const request = planRequest(line.wish, world.machines(line.whatIf), world.catalogue)
    const plan = evaluatePlan(request, world.catalogue.speedModel)
    return {
      id: line.id,
      fileBytes: plan.fileBytes,
      memory: memoryJson(plan.memory),
      fit: plan.fit,
      decode: plan.decode,
      prefill: plan.prefill,
      ...(line.ignored.length === 0 ? {} : { ignored: line.ignored }),
    }
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    return { id: line.id, line: lineNumber, error: `${error.message} ${error.nextStep}` }
  }
}
