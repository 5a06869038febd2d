import type { Machine } from '#core/machine/machine.ts'
import { invalidFile, readJsonInput } from './read-json-input.ts'

/** `machine.accelerators[0].memoryBytes` */
function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/**
 * The machine of a file written by `scan --json` (or by any command that prints a machine). A file made by hand may
 * leave out what the documented fields do not name; it counts as unknown.
 */
export async function readSavedMachine(file: string): Promise<Machine> {
  const nextStep = 'Write a fresh one with: inhouse scan --json > machine.json'
  const expected = { file, what: 'a saved scan', nextStep }
  const content = await readJsonInput(expected)
  if (typeof content !== 'object' || content === null || !('machine' in content)) {
    throw invalidFile(expected, 'the field "machine" is missing')
  }
  const { machineSchema } = await import('../schema/machine-schema.ts')
  const result = machineSchema.safeParse(content.machine)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = fieldName(['machine', ...(issue?.path ?? [])])
  const reason = issue?.message.replace(/^Invalid (input|option): /, '') ?? 'it does not match'
  throw invalidFile(expected, `the field ${field} is wrong (${reason})`, result.error)
}
