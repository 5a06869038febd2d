import open from 'open'

/** True where a browser window could appear: Linux needs a display server, an SSH session shows nothing. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (environment['SSH_CONNECTION'] && !environment['DISPLAY']) return false
  return platform !== 'linux' || Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
}

/** Opens the system's browser; false where there is none, which is no failure: the address is printed anyway. */
export async function openBrowser(url: string): Promise<boolean> {
  if (!hasDisplay(process.env, process.platform)) return false
  return open(url).then(
    () => true,
    () => false,
  )
}
