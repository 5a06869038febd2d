import { InhouseError } from '#contract/inhouse-error.ts'

/** A LoRA adapter that cannot be used, and why. */
export function adapterFault(message: string, nextStep: string, cause?: unknown): InhouseError {
  return new InhouseError({ code: 'FILE_INVALID', message, nextStep, cause })
}
