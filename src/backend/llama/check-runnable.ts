import { InhouseError } from '#contract/inhouse-error.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'

/** Refuses plans that the bundled llama.cpp cannot be asked about, with what to do instead. */
export function checkRunnable(request: PlanRequest, numbers: PlanNumbers): void {
  const reason = reasonAgainst(request, numbers)
  if (reason !== null) throw new InhouseError({ code: 'MEASURE_REFUSED', ...reason })
}

function reasonAgainst(
  request: PlanRequest,
  { candidate }: PlanNumbers,
): { readonly message: string; readonly nextStep: string } | null {
  const { engine, machine, model } = request
  if (engine !== 'llama.cpp' && engine !== 'ollama') {
    return {
      message: `Only llama.cpp can be asked; this plan is for ${engine}.`,
      nextStep: 'Choose a GGUF quantization.',
    }
  }
  if (model.architecture.gguf === null) {
    return {
      message: `llama.cpp does not support the architecture of ${model.name}.`,
      nextStep: 'Choose another model.',
    }
  }
  if (machine.asIf) {
    return {
      message: 'llama.cpp can be asked only about the hardware that is here.',
      nextStep: 'Go back to this machine; estimates serve for hardware that is made up.',
    }
  }
  if (candidate.layout.mode === 'experts-in-ram') {
    return {
      message: 'The bundled engine cannot keep only the experts of a model in RAM.',
      nextStep:
        'Set the layers on the GPU by hand, or choose a smaller quantization; llama-server can do it.',
    }
  }
  return null
}
