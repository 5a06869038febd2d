import { createContext, Script } from 'node:vm'

const sandbox: { work: () => void } = { work: () => undefined }
const context = createContext(sandbox)
const call = new Script('work()')

/**
 * Runs what a stranger's file has a say in and cannot be interrupted otherwise: a template may loop for ever. Throws
 * `ERR_SCRIPT_EXECUTION_TIMEOUT` after that time, whatever runs then; functions called from the script are ended too.
 */
export function withinTime<Result>(seconds: number, work: () => Result): Result {
  const results: Result[] = []
  sandbox.work = () => {
    results.push(work())
  }
  call.runInContext(context, { timeout: seconds * 1000 })
  return results[0]!
}
