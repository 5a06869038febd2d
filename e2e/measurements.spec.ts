import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app-test.ts'
import { MEASURED_ELSEWHERE } from './measured-elsewhere.ts'

const measurements = (app: Page): Locator => app.getByRole('region', { name: 'Measurements' })
const measuredSpeed = (app: Page): Locator => app.getByRole('region', { name: 'Measured speed' })

/** Imports a file of these lines and waits until the page says what became of it. */
async function importLines(app: Page, dataFolder: string, lines: readonly string[]): Promise<void> {
  const file = path.join(dataFolder, 'measurements-of-a-colleague.jsonl')
  await writeFile(file, lines.map((line) => `${line}\n`).join(''))
  await app.getByLabel('File of measurements').setInputFiles(file)
}

/** What the app remembers; nothing yet while there is no file, or half of one. */
async function readSettings(dataFolder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path.join(dataFolder, 'settings.json'), 'utf8'))
  } catch {
    return {}
  }
}

test.describe('measurements', () => {
  test('say how to begin while there are none', async ({ app, openAt }) => {
    await openAt('/machine')
    await expect(measurements(app).getByText(/No model has been measured yet/)).toBeVisible()
    await expect(measuredSpeed(app).getByRole('button', { name: 'Measure this machine' })).toBeVisible()
  })

  test('of a colleague come in, line by line, and are said to be theirs', async ({
    app,
    openAt,
    dataFolder,
  }) => {
    await openAt('/machine')
    await importLines(app, dataFolder, [MEASURED_ELSEWHERE, '{"schema":"something else"}'])
    await expect(measurements(app).getByText(/1 measurement added\. 1 line was left out/)).toBeVisible()
    await expect(measurements(app).getByText(/^Line 2:/)).toBeVisible()
    const row = measurements(app).getByRole('row', { name: /SmolLM2 135M Instruct/ })
    await expect(row).toContainText('123 tok/s')
    await expect(row).toContainText('A colleague’s processor')
    await expect(app.getByRole('contentinfo')).toContainText('1 measurement')
    await importLines(app, dataFolder, [MEASURED_ELSEWHERE])
    await expect(measurements(app).getByText(/1 was known already/)).toBeVisible()
  })

  test('are removed, and brought back', async ({ app, openAt, dataFolder }) => {
    await openAt('/machine')
    await importLines(app, dataFolder, [MEASURED_ELSEWHERE])
    await app.getByRole('button', { name: /^Remove the measurement of SmolLM2/ }).click()
    await expect(measurements(app).getByText(/No model has been measured yet/)).toBeVisible()
    await app.getByRole('button', { name: 'Undo' }).click()
    await expect(measurements(app).getByRole('row', { name: /SmolLM2/ })).toBeVisible()
  })

  test('go out as the lines they came in as', async ({ app, openAt, dataFolder, host }) => {
    test.skip(host === 'desktop', 'the window saves through a dialog of the system')
    await openAt('/machine')
    await importLines(app, dataFolder, [MEASURED_ELSEWHERE])
    const downloading = app.waitForEvent('download')
    await measurements(app).getByRole('button', { name: 'Export' }).click()
    const saved = await (await downloading).path()
    const lines = (await readFile(saved, 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([JSON.parse(MEASURED_ELSEWHERE)])
  })

  test('of the machine itself can be called off', async ({ app, openAt }) => {
    await openAt('/machine')
    await measuredSpeed(app).getByRole('button', { name: 'Measure this machine' }).click()
    await expect(measuredSpeed(app).getByRole('progressbar')).toBeVisible()
    await expect(
      app.getByRole('contentinfo').getByRole('link', { name: /^measuring this machine/ }),
    ).toBeVisible()
    await measuredSpeed(app).getByRole('button', { name: 'Cancel' }).click()
    await expect(measuredSpeed(app).getByText(/You cancelled it/)).toBeVisible()
  })

  test('are offered on the verdict once, and the offer stays away', async ({ app, openAt, dataFolder }) => {
    await expect(app.getByRole('link', { name: 'measure this machine' })).toBeVisible()
    await app.getByRole('button', { name: 'Not now' }).click()
    await expect(app.getByRole('link', { name: 'measure this machine' })).toBeHidden()
    // A page that is left within the same moment takes its last call with it.
    await expect.poll(() => readSettings(dataFolder)).toMatchObject({ speedOfferDismissed: true })
    await openAt('/')
    await expect(app.getByRole('article').first()).toBeVisible()
    await expect(app.getByRole('link', { name: 'measure this machine' })).toBeHidden()
    await openAt('/machine#measured-speed')
    await expect(measuredSpeed(app)).toBeFocused()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`have no barrier axe can find in ${colorScheme}`, async ({ app, openAt, dataFolder, host }) => {
      await app.emulateMedia({ colorScheme })
      await openAt('/machine')
      await importLines(app, dataFolder, [MEASURED_ELSEWHERE])
      await expect(measurements(app).getByRole('row', { name: /SmolLM2/ })).toBeVisible()
      const { violations } = await new AxeBuilder({ page: app })
        .setLegacyMode(host === 'desktop')
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
      ).toEqual([])
    })
  }
})
