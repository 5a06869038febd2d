import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { ensureChromium } from '../scripts/set-up/chromium.mjs'
import { median } from './median.ts'

const ROUNDS = 5
const AIM_SECONDS = 1.5
const cli = resolve(import.meta.dirname, '../out/main/cli.js')

/** Seconds from starting the host process to a Verdict page that answers, first start (no last scan) and later ones. */
export async function runPageUsableBench(): Promise<void> {
  const executablePath = await ensureChromium()
  if (executablePath === null) throw new Error('no Chromium to measure with')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const first: number[] = []
  const later: number[] = []
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'inhouse-bench-'))
      try {
        first.push(await secondsToUsable(browser, folder))
        later.push(await secondsToUsable(browser, folder))
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
  } finally {
    await browser.close()
  }
  console.log(
    `page usable, first start:   median ${median(first).toFixed(2)} s of ${ROUNDS} (aim ≤ ${AIM_SECONDS} s)`,
  )
  console.log(
    `page usable, later starts:  median ${median(later).toFixed(2)} s of ${ROUNDS} (the last scan shows at once)`,
  )
}

async function secondsToUsable(browser: Browser, dataFolder: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const startedAt = performance.now()
  const host = spawn(process.execPath, [cli, 'ui', '--no-open', '--port', '0'], {
    env: { ...process.env, INHOUSE_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await page.goto(await printedAddress(host))
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('article').first().waitFor()
    return (performance.now() - startedAt) / 1000
  } finally {
    host.kill('SIGTERM')
    await context.close()
  }
}

function printedAddress(host: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let text = ''
    host.stdout?.on('data', (chunk) => {
      text += chunk
      const address = /http:\/\/\S+/.exec(text)?.[0]
      if (address !== undefined && text.includes('\n')) found(address)
    })
    host.on('exit', (code) =>
      failed(new Error(`the host ended with code ${code} before it printed an address`)),
    )
  })
}
