import { spawn } from 'node:child_process'

/** True where a browser window could appear: Linux needs a display server, an SSH session shows nothing. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const hasServer = Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
  if (platform === 'linux') return hasServer
  return hasServer || !environment['SSH_CONNECTION']
}

/** The system's own opener of addresses. */
export function browserCommand(url: string, platform: NodeJS.Platform): readonly [string, readonly string[]] {
  if (platform === 'darwin') return ['open', [url]]
  // Not `start`: it is a word of the shell, and a shell would read the address.
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  return ['xdg-open', [url]]
}

/** Opens the system's browser; false where there is none, which is no failure: the address is printed anyway. */
export async function openBrowser(url: string): Promise<boolean> {
  if (!hasDisplay(process.env, process.platform)) return false
  const [command, options] = browserCommand(url, process.platform)
  const opener = spawn(command, options, { detached: true, stdio: 'ignore' })
  // The browser may be a child of the opener: it must outlive this process and not hold it.
  opener.unref()
  return new Promise((resolve) => {
    opener.once('spawn', () => resolve(true))
    opener.once('error', () => resolve(false))
  })
}
