import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './app-test.ts'

test.describe('the machine', () => {
  test('shows memory as pools, and where each value was read', async ({ app, openAt }) => {
    await openAt('/machine')
    const pools = app.getByRole('region', { name: 'Memory for models' })
    await expect(pools.getByText('Usable for models').first()).toBeVisible()
    await expect(pools.getByText('free memory is live')).toBeVisible()
    const processor = app.getByRole('region', { name: 'Processor' })
    const source = processor.getByRole('button', { name: /^Read from/ }).first()
    await source.focus()
    await expect(app.getByRole('tooltip')).toContainText('Read from')
  })

  test('scans again when asked', async ({ app, openAt }) => {
    await openAt('/machine')
    await expect(app.getByText(/^Scanned in/)).toBeVisible()
    await app.getByRole('button', { name: 'Scan again' }).click()
    await expect(app.getByText(/^Scanned in/)).toBeVisible()
    await expect(app.getByRole('contentinfo')).toContainText('scanned just now')
  })

  test('copies a report for a bug', async ({ app, openAt }) => {
    await openAt('/machine')
    await app.getByRole('button', { name: 'Copy report' }).click()
    await expect(app.getByText('Copied')).toBeVisible()
    const report = await app.evaluate(() => navigator.clipboard.readText())
    expect(report).toContain('Inhouse')
  })

  test('names a broken record of the user’s own with file and line', async ({ dataFolder, app, openAt }) => {
    await writeFile(path.join(dataFolder, 'models.json'), '[\n  { "id": 3 }\n]\n')
    await openAt('/machine')
    await expect(
      app.getByRole('region', { name: 'Your own records' }).getByText(/models\.json:\d+/),
    ).toBeVisible()
  })
})
