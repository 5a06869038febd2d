import { existsSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from '@playwright/test'
import type { HostOptions } from './e2e/app-test.ts'

/** The browser the tests drive: the one named by the environment, else one on the path, else Playwright's own. */
function chromiumPath(): string | undefined {
  const named = process.env['INHOUSE_CHROMIUM']
  if (named !== undefined && named !== '') return named
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.map((folder) => path.join(folder, 'chromium')).find((file) => existsSync(file))
}

const executablePath = chromiumPath()

export default defineConfig<HostOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/announce-hosts.ts',
  fullyParallel: true,
  // Each worker runs a browser and a host that scans the machine: more of them than cores only slows all down.
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    trace: 'retain-on-failure',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'web', use: { host: 'web' } },
    { name: 'desktop', use: { host: 'desktop' } },
  ],
})
