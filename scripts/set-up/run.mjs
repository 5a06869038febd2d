import { spawn } from 'node:child_process'
import { projectEnvironment, root } from './paths.mjs'

const running = new Set()

/**
 * Runs a command in the project folder and resolves with its exit code and, when captured, its output.
 * A command that cannot be started resolves with code 127 and the reason as output.
 */
export function run(command, commandArguments, { capture = false, env = {}, timeoutMilliseconds } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, {
      cwd: root,
      env: projectEnvironment(env),
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      // npm is a .cmd file on Windows, which only a shell starts; a shell would break paths with spaces of all others.
      shell: process.platform === 'win32' && command === 'npm',
      timeout: timeoutMilliseconds,
    })
    running.add(child)
    let output = ''
    child.stdout?.on('data', (text) => (output += text))
    child.stderr?.on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ code: 127, output: String(error.message) }))
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, output })
    })
  })
}

/** Starts a long-lived process that shares this terminal; ended with us. */
export function start(command, commandArguments, { env = {}, stdio = 'inherit' } = {}) {
  const child = spawn(command, commandArguments, { cwd: root, env: projectEnvironment(env), stdio })
  running.add(child)
  child.on('close', () => running.delete(child))
  return child
}

/** Ends every process started here. A terminal's Ctrl+C reaches them too; a `kill` of this process does not. */
export function endAll() {
  for (const child of running) child.kill('SIGTERM')
}
