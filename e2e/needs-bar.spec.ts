import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './app-test.ts'

/** What the app has written down so far; empty before it wrote anything. */
async function writtenDown(dataFolder: string): Promise<string> {
  return readFile(path.join(dataFolder, 'settings.json'), 'utf8').catch(() => '')
}

test.describe('the needs bar', () => {
  test('changes what every page computes, and is remembered', async ({ app, openAt, dataFolder }) => {
    await app.getByRole('button', { name: /^Use case:/ }).click()
    await app.getByRole('radio', { name: 'Code' }).check()
    await expect(app.getByRole('button', { name: 'Use case: Code' })).toBeVisible()
    await expect(app).toHaveURL(/needs=use%3Acode|needs=use:code/)

    await app.getByRole('button', { name: /^Users:/ }).click()
    await app.getByRole('textbox', { name: 'Users at once' }).fill('4')
    await app.keyboard.press('Escape')
    await expect(app.getByRole('button', { name: 'Users: 4 users' })).toBeVisible()

    // What was chosen is written down a moment later, and found again by a visit that says nothing.
    await expect.poll(() => writtenDown(dataFolder)).toMatch(/"users": ?4/)
    await openAt('/machine')
    await expect(app.getByRole('button', { name: 'Use case: Code' })).toBeVisible()
    await expect(app.getByRole('button', { name: 'Users: 4 users' })).toBeVisible()
  })

  test('lets the user give up the reserve, saying the risk', async ({ app }) => {
    await app.getByRole('button', { name: /^Guardrails:/ }).click()
    await expect(app.getByText(/loading a model can fail/)).toBeVisible()
    await app.getByRole('switch', { name: 'Use the reserve too' }).check()
    await expect(app.getByRole('button', { name: 'Guardrails: Uses the reserve' })).toBeVisible()
  })

  test('answers a slider with a new verdict', async ({ app }) => {
    await expect(app.getByRole('article').first()).toBeVisible()
    await app.getByRole('button', { name: /^Context:/ }).click()
    await app.getByRole('slider', { name: /Context per user/ }).press('ArrowRight')
    await app.keyboard.press('Escape')
    await expect(app.getByRole('button', { name: 'Context: 16k context' })).toBeVisible()
    await expect(app.getByRole('article').first()).toContainText('16k context')
  })
})

test('the theme is remembered by the app, not by the browser', async ({ app, openAt, dataFolder }) => {
  await app.getByRole('button', { name: /Use the (dark|light) theme/ }).click()
  const chosen = await app.locator('html').getAttribute('data-mantine-color-scheme')
  await expect.poll(() => writtenDown(dataFolder)).toContain(`"${chosen}"`)
  await app.evaluate(() => localStorage.clear())
  await openAt('/machine')
  await expect(app.locator('html')).toHaveAttribute('data-mantine-color-scheme', chosen ?? '')
})

test.describe('as if', () => {
  test('computes everything for hardware in the user’s own words, and tints the bar', async ({ app }) => {
    await app.getByRole('button', { name: /^Machine:/ }).click()
    await app.getByRole('textbox', { name: 'Or describe it' }).fill('2x RTX 3090, 128 GB')
    await app.getByRole('button', { name: 'Apply' }).click()
    const chip = app.getByRole('button', { name: /^Machine: as if: 2× .*3090/ })
    await expect(chip).toBeVisible()
    await expect(app.getByRole('banner')).toHaveAttribute('data-as-if', 'true')
    await expect(app).toHaveURL(/as-if=2x/)

    await chip.click()
    await app.getByRole('button', { name: 'Back to this machine' }).click()
    await expect(app.getByRole('button', { name: /^Machine: This machine:/ })).toBeVisible()
    await expect(app.getByRole('banner')).toHaveAttribute('data-as-if', 'false')
  })

  test('names the nearest hardware for what it does not know', async ({ app }) => {
    await app.getByRole('button', { name: /^Machine:/ }).click()
    await app.getByRole('textbox', { name: 'Or describe it' }).fill('RTX 4091')
    await app.getByRole('button', { name: 'Apply' }).click()
    await expect(app.getByText(/unknown GPU "RTX 4091".*RTX 4090/)).toBeVisible()
  })

  test('takes every preset', async ({ app }) => {
    await app.getByRole('button', { name: /^Machine:/ }).click()
    const presets = await app
      .getByRole('group', { name: 'Common hardware' })
      .getByRole('button')
      .allTextContents()
    expect(presets.length).toBeGreaterThan(4)
    for (const preset of presets) {
      await app
        .getByRole('group', { name: 'Common hardware' })
        .getByRole('button', { name: preset, exact: true })
        .click()
      await expect(app.getByRole('banner')).toHaveAttribute('data-as-if', 'true')
      await app.getByRole('button', { name: /^Machine:/ }).click()
    }
  })
})
