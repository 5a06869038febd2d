/** `npm run screenshots`: the README's pictures, taken of the built app on this machine, light and dark. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { ensureBuilt } from './set-up/build.mjs'
import { ensureChromium } from './set-up/chromium.mjs'

const root = resolve(import.meta.dirname, '..')
const pictures = join(root, 'docs', 'pictures')

await ensureBuilt()
const executablePath = await ensureChromium()
if (executablePath === null) process.exit(1)
mkdirSync(pictures, { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'inhouse-screenshots-'))
const host = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'ui', '--no-open', '--port', '0'], {
  env: { ...process.env, INHOUSE_DATA_DIR: folder },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const address = await new Promise<string>((found) => {
    let text = ''
    host.stdout.on('data', (chunk) => {
      text += chunk
      const match = /http:\/\/\S+/.exec(text)
      if (match) found(match[0])
    })
  })
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme })
    const page = await context.newPage()
    await page.goto(address)
    await page.getByRole('article').first().waitFor()
    await page.screenshot({ path: join(pictures, `verdict-${colorScheme}.png`) })
    await page.getByRole('link', { name: 'Smoke test' }).click()
    await page.getByRole('button', { name: 'Run the smoke test' }).click()
    await page.getByText('Passed: the pilot').waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'What is LoRA?' }).click()
    await page.getByRole('button', { name: 'Answer again' }).waitFor()
    await page.screenshot({ path: join(pictures, `smoke-test-${colorScheme}.png`) })
    await context.close()
  }
} finally {
  await browser.close()
  host.kill('SIGTERM')
  rmSync(folder, { recursive: true })
}
