import type * as z from 'zod'

/** What is wrong with a value: the path to it in words a person can follow, and the reason. */
export interface DescribedIssue {
  readonly path: readonly PropertyKey[]
  readonly text: string
}

/** The first mistake a schema found: `records[12].architecture.layers: expected number, received string`. */
export function describeIssue(error: z.ZodError): DescribedIssue {
  const issue = error.issues[0]
  if (issue === undefined) return { path: [], text: 'is not what its schema says' }
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  const reason = issue.message.replace(/^Invalid input: /, '')
  return { path, text: path.length === 0 ? reason : `${pathText(path)}: ${reason}` }
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
