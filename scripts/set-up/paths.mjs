import { join, resolve } from 'node:path'

/** Plain JavaScript on purpose: these scripts run before anything is installed, under Node 20. */
export const root = resolve(import.meta.dirname, '../..')

const binFolder = join(root, 'node_modules', '.bin')

/** The Node 24 that the `node` package carries; every child process of ours runs on it. */
export const node24 = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

/** Environment whose PATH finds the project's own tools, Node 24 included, first. */
export function projectEnvironment(extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':'
  return { ...process.env, PATH: `${binFolder}${separator}${process.env.PATH ?? ''}`, ...extra }
}
