import path from 'node:path'

/** The program of the engine's process: built beside the others, or its source where the source runs itself. */
export function engineWorkerFile(root: string): string {
  return import.meta.filename.endsWith('.ts')
    ? path.join(root, 'src', 'main', 'engine-worker.ts')
    : path.join(root, 'out', 'main', 'engine-worker.js')
}
