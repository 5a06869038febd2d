import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { node24, root } from './paths.mjs'
import { run } from './run.mjs'

const installedNames =
  process.platform === 'win32'
    ? ['chrome.exe', 'msedge.exe']
    : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

const installedPlaces = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    join(process.env['ProgramFiles'] ?? 'C:\\Program Files', 'Google', 'Chrome', 'Application', 'chrome.exe'),
    join(
      process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)',
      'Microsoft',
      'Edge',
      'Application',
      'msedge.exe',
    ),
  ],
  linux: [],
}

function installedChromium() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => installedNames.map((name) => join(folder, name)))
  return [...onPath, ...(installedPlaces[process.platform] ?? [])].find((path) => existsSync(path)) ?? null
}

/** Playwright's own Chromium, asked of Playwright itself because its folder carries a revision. */
function playwrightChromium() {
  const { chromium } = createRequire(import.meta.url)('@playwright/test')
  const path = chromium.executablePath()
  return existsSync(path) ? path : null
}

/**
 * Path of a Chromium for the browser tests: `INHOUSE_CHROMIUM`, one that is installed, Playwright's (downloaded when it
 * can be), else Debian's package when root; null with a printed reason when none can be had.
 */
export async function ensureChromium() {
  const named = process.env.INHOUSE_CHROMIUM
  if (named) {
    if (existsSync(named)) return named
    console.error(`INHOUSE_CHROMIUM names ${named}, which does not exist.`)
    return null
  }
  const present = installedChromium() ?? playwrightChromium()
  if (present) return present
  console.error('No Chromium found; fetching one …')
  const playwrightCli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  await run(node24, [playwrightCli, 'install', 'chromium'], { capture: true, timeoutMilliseconds: 300_000 })
  const downloaded = playwrightChromium()
  if (downloaded) return downloaded
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error("Playwright's Chromium cannot be downloaded here; installing Debian's package …")
    const quiet = { capture: true, env: { DEBIAN_FRONTEND: 'noninteractive' } }
    await run('apt-get', ['update', '-qq'], quiet)
    const { code, output } = await run(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
      quiet,
    )
    if (code !== 0) console.error(output)
  }
  const installed = installedChromium()
  if (!installed) {
    console.error(
      'No Chromium can be had: install one or name it in INHOUSE_CHROMIUM. The browser tests cannot run without it.',
    )
  }
  return installed
}
