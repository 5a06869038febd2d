import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node24, root } from './paths.mjs'
import { run } from './run.mjs'

const stampFile = join(root, 'node_modules', '.inhouse-installed')

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package.json')))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function isCurrent() {
  return existsSync(node24) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockDigest()
}

/** Installs what package-lock.json names when it is missing or stale. Ends the process with the reason when that fails. */
export async function ensureInstalled() {
  if (isCurrent()) return
  console.error('Installing packages (first start or a changed package-lock.json; about a minute) …')
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    capture: true,
    // Browsers and the Electron binary are fetched on their own terms, later.
    env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  })
  if (code !== 0) {
    console.error(output)
    fail(
      'The packages could not be installed; npm says why above. Check the network or proxy, then run this again.',
    )
  }
  if (!existsSync(node24)) {
    fail(
      'npm did not run the install script of the "node" package. Run "npm rebuild node --ignore-scripts=false", then this again.',
    )
  }
  writeFileSync(stampFile, lockDigest())
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
