import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app-test.ts'
import { HOSTILE_NAME, writeHostileModel } from './own-model.ts'

/** Made-up hardware, so that every machine that runs this sees the same list. */
const AS_IF = 'as-if=RTX+4090,+64+GB'

const grid = (app: Page): Locator => app.getByRole('grid', { name: 'Models' })
/** The row a model's name stands in. */
const rowOf = (app: Page, name: string): Locator =>
  grid(app)
    .getByRole('row')
    .filter({ has: app.getByRole('link', { name, exact: true }) })

async function names(app: Page): Promise<readonly string[]> {
  return grid(app).getByRole('link').allTextContents()
}

/** Texts of one column of the rows in sight, by the header's name. */
async function column(app: Page, header: string): Promise<readonly string[]> {
  const headers = await grid(app).getByRole('columnheader').allTextContents()
  const index = headers.findIndex((text) => text.includes(header))
  expect(index, `a column named ${header}`).toBeGreaterThan(-1)
  return grid(app)
    .locator(`tbody tr:not([aria-hidden]) td:nth-child(${index + 1})`)
    .allTextContents()
}

const numbersOf = (texts: readonly string[]): readonly number[] =>
  texts.map((text) => Number.parseFloat(text.replaceAll(',', '')))

test.describe('the list of models', () => {
  test.beforeEach(async ({ openAt, app }) => {
    await openAt(`/models?${AS_IF}`)
    await expect(grid(app).getByRole('link').first()).toBeVisible()
  })

  test('holds every model but draws only those in sight', async ({ app }) => {
    const { length } = await names(app)
    const announced = Number(await grid(app).getAttribute('aria-rowcount'))
    expect(announced).toBeGreaterThan(150)
    expect(length).toBeLessThan(60)
    await expect(app.getByText(/^\d+ of \d+ models, \d+ run here$/)).toBeVisible()
  })

  test('sorts by a column, best first, and back; what is not known stays last', async ({ app }) => {
    const header = grid(app).getByRole('columnheader', { name: 'Speed' })
    await header.getByRole('button').click()
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    await expect(app).toHaveURL(/sort=decode/)
    const fastest = numbersOf(await column(app, 'Speed'))
    expect(fastest).toEqual(fastest.toSorted((a, b) => b - a))
    await header.getByRole('button').click()
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    const slowest = numbersOf(await column(app, 'Speed'))
    expect(slowest[0]).toBeLessThan(fastest[0] ?? 0)
    expect(slowest).toEqual(slowest.toSorted((a, b) => a - b))

    const quality = grid(app).getByRole('columnheader', { name: 'Quality' })
    await quality.getByRole('button').click()
    await quality.getByRole('button').click()
    await expect(quality).toHaveAttribute('aria-sort', 'ascending')
    expect(numbersOf(await column(app, 'Quality'))[0]).toBeGreaterThan(0)
    await grid(app).getByRole('row').nth(2).focus()
    await app.keyboard.press('End')
    await expect(grid(app).locator('tbody tr:not([aria-hidden])').last()).toContainText('no published scores')
  })

  test('searches without minding case and punctuation, and offers a way out of an empty list', async ({
    app,
  }) => {
    const search = app.getByRole('searchbox', { name: 'Search models' })
    await search.fill('QWEN 3 30b')
    await expect(rowOf(app, 'Qwen3 30B-A3B')).toBeVisible()
    for (const name of await names(app)) expect(name.toLowerCase()).toContain('qwen3')
    await search.fill('no such model anywhere')
    await expect(app.getByText('No model passes these filters')).toBeVisible()
    await app.getByRole('button', { name: 'Clear filters' }).first().click()
    await expect(search).toHaveValue('')
    await expect(grid(app).getByRole('link').first()).toBeVisible()
  })

  test('filters by fit, and shows what is missing where a model does not fit', async ({ app }) => {
    await app.getByRole('searchbox', { name: 'Search models' }).fill('DeepSeek V3 671B')
    const row = rowOf(app, 'DeepSeek V3 671B')
    await expect(row).toContainText(/needs [\d.,]+ GiB more/)
    await app.getByRole('combobox', { name: 'Fit' }).selectOption('Runs here')
    await expect(row).toHaveCount(0)
    await expect(app).toHaveURL(/fit=runs/)
    await app.goBack()
    await expect(row).toBeVisible()
  })

  test('filters by kind, licence, size and developer together', async ({ app }) => {
    await app.getByRole('combobox', { name: 'Kind' }).selectOption('Code')
    await app.getByRole('combobox', { name: 'Size' }).selectOption('4 to 16 B')
    await app.getByRole('combobox', { name: 'Licence' }).selectOption('Permissive')
    await expect(app).toHaveURL(/kind=code.*size=4b-16b.*license=permissive/)
    expect((await names(app)).length).toBeGreaterThan(0)
    for (const size of numbersOf(await column(app, 'Size'))) {
      expect(size).toBeGreaterThanOrEqual(4)
      expect(size).toBeLessThan(16)
    }
  })

  test('is walked with the keyboard and opened with Enter', async ({ app }) => {
    const [, second = '', third = ''] = await names(app)
    await grid(app).getByRole('row').nth(1).focus()
    await app.keyboard.press('ArrowDown')
    await expect(rowOf(app, second)).toBeFocused()
    await app.keyboard.press('ArrowDown')
    await expect(rowOf(app, third)).toBeFocused()
    await app.keyboard.press('End')
    const last = grid(app).locator('tbody tr:not([aria-hidden])').last()
    await expect(last).toBeFocused()
    const count = await grid(app).getAttribute('aria-rowcount')
    await expect(last).toHaveAttribute('aria-rowindex', count ?? '')
    await app.keyboard.press('Home')
    await expect(grid(app).getByRole('row').nth(1)).toBeFocused()
    await app.keyboard.press('ArrowDown')
    await app.keyboard.press('Enter')
    await expect(app.getByRole('heading', { level: 1 })).toContainText(second)
  })

  test('compares up to four models side by side', async ({ app }) => {
    const five = (await names(app)).slice(0, 5)
    await grid(app).getByRole('row').nth(1).focus()
    await app.keyboard.press(' ')
    for (const name of five.slice(1, 4)) {
      await app.getByRole('checkbox', { name: `Compare ${name}` }).check()
    }
    await expect(app.getByText(/4 models to compare. Four models at most/)).toBeVisible()
    await app.getByRole('checkbox', { name: `Compare ${five[4] ?? ''}` }).click()
    await expect(app.getByRole('checkbox', { name: `Compare ${five[4] ?? ''}` })).not.toBeChecked()
    await app.getByRole('button', { name: 'Show side by side' }).click()
    const dialog = app.getByRole('dialog', { name: 'Side by side' })
    for (const name of five.slice(0, 4))
      await expect(dialog.getByRole('link', { name, exact: true })).toBeVisible()
    await dialog.getByRole('button', { name: `Take ${five[0] ?? ''} out` }).click()
    await expect(dialog.getByRole('link', { name: five[0] ?? '', exact: true })).toHaveCount(0)
    await app.keyboard.press('Escape')
    await expect(app.getByText('3 models to compare')).toBeVisible()
    await expect(app).toHaveURL(/compare=/)
  })

  test('hides and shows columns', async ({ app }) => {
    await app.getByRole('button', { name: 'Columns' }).click()
    await app.getByRole('menuitemcheckbox', { name: 'Quantization' }).click()
    await expect(grid(app).getByRole('columnheader', { name: 'Quantization' })).toHaveCount(0)
    await expect(app).toHaveURL(/hide=quantization/)
  })

  test('follows the needs: a longer context takes more memory in the same list', async ({ app, openAt }) => {
    const gibibytes = async (): Promise<number> => {
      await expect(rowOf(app, 'Qwen3 14B')).toBeVisible()
      return numbersOf(await column(app, 'Memory'))[0] ?? 0
    }
    await openAt(`/models?${AS_IF}&q=qwen3+14b&needs=context:2048`)
    const short = await gibibytes()
    await openAt(`/models?${AS_IF}&q=qwen3+14b&needs=context:2048,users:8`)
    await expect(app.getByRole('button', { name: 'Users: 8 users' })).toBeVisible()
    expect(await gibibytes()).toBeGreaterThan(short)
  })
})

test.describe('the chart beside the list', () => {
  // Narrower windows show it when asked.
  test.use({ viewport: { width: 1440, height: 900 } })

  test('shows the same models as a table, and chooses a row', async ({ app, openAt }) => {
    await openAt(`/models?${AS_IF}`)
    await expect(app.getByRole('img', { name: /by decode speed and quality index/ })).toBeVisible()
    const figure = app.getByRole('figure')
    await figure.getByRole('button', { name: 'Table' }).click()
    const first = figure.getByRole('rowheader').first().getByRole('button')
    const name = (await first.textContent()) ?? ''
    await first.click()
    await expect(first).toHaveAttribute('aria-pressed', 'true')
    await expect(rowOf(app, name)).toHaveAttribute('data-chosen', 'true')
  })

  test('is copied as a picture', async ({ app, openAt }) => {
    await openAt(`/models?${AS_IF}`)
    await app.getByRole('button', { name: 'Copy as image' }).click()
    await expect(app.getByRole('figure').getByRole('status')).toHaveText('Copied')
    const types = await app.evaluate(async () =>
      (await navigator.clipboard.read()).flatMap(({ types: all }) => all),
    )
    expect(types).toContain('image/png')
  })
})

test('a hostile name of the user’s own model is shown as text and marked as theirs', async ({
  dataFolder,
  app,
  openAt,
}) => {
  await writeHostileModel(dataFolder, 'me/evil')
  await openAt(`/models?${AS_IF}&own=1`)
  const row = rowOf(app, HOSTILE_NAME)
  await expect(row).toContainText('yours')
  await row.click()
  await expect(app.locator('img[src="x"]')).toHaveCount(0)
  await row.getByRole('link').click()
  await expect(app.getByRole('heading', { level: 1 })).toContainText(HOSTILE_NAME)
  await expect(app).toHaveTitle(`${HOSTILE_NAME} · Inhouse`)
  await expect(app.locator('img[src="x"]')).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the list, its comparison and its chart’s table have no barrier axe can find in ${colorScheme}`, async ({
    app,
    openAt,
    host,
  }) => {
    const barriersIn = async (part: string): Promise<readonly string[]> => {
      const { violations } = await new AxeBuilder({ page: app })
        .setLegacyMode(host === 'desktop')
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .include(part)
        .analyze()
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
    }
    await app.emulateMedia({ colorScheme })
    await openAt(`/models?${AS_IF}&compare=openai/gpt-oss-20b,deepseek-ai/DeepSeek-V3`)
    await expect(grid(app).getByRole('link').first()).toBeVisible()
    expect(await barriersIn('body')).toEqual([])
    await app.getByRole('button', { name: 'Chart' }).click()
    await app.getByRole('figure').getByRole('button', { name: 'Table' }).click()
    expect(await barriersIn('figure')).toEqual([])
    await app.getByRole('button', { name: 'Show side by side' }).click()
    const dialog = app.getByRole('dialog')
    await expect(dialog).toBeVisible()
    // The drawer slides in; contrast is judged once it stands.
    await expect(dialog).toHaveCSS('opacity', '1')
    await app.waitForTimeout(300)
    expect(await barriersIn('[role="dialog"]')).toEqual([])
  })
}
