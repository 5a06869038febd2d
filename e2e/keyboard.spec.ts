import { expect, test } from './app-test.ts'

test.describe('without a mouse', () => {
  test('the first stop skips to the page', async ({ app }) => {
    await expect(app.getByRole('heading', { level: 1 })).toBeVisible()
    await app.keyboard.press('Tab')
    await expect(app.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
    await app.keyboard.press('Enter')
    await expect(app.getByRole('main')).toBeFocused()
  })

  test('a change of page puts the focus at its start', async ({ app }) => {
    await app.getByRole('link', { name: 'Machine', exact: true }).focus()
    await app.keyboard.press('Enter')
    await expect(app.getByRole('main')).toBeFocused()
  })

  test('an editor opens, keeps the focus and gives it back', async ({ app }) => {
    const chip = app.getByRole('button', { name: /^Licence:/ })
    await chip.focus()
    await app.keyboard.press('Enter')
    await expect(app.getByRole('radio', { name: 'Any licence' })).toBeFocused()
    await app.keyboard.press('Escape')
    await expect(chip).toBeFocused()
  })

  test('the palette finds pages, models and actions', async ({ app }) => {
    await expect(app.getByRole('article').first()).toBeVisible()
    await app.keyboard.press('ControlOrMeta+k')
    const search = app.getByRole('textbox', { name: 'Search and commands' })
    await expect(search).toBeFocused()
    await search.fill('machine')
    await app.keyboard.press('Enter')
    await expect(app).toHaveTitle('Machine · Inhouse')

    await app.keyboard.press('ControlOrMeta+k')
    await app.getByRole('textbox', { name: 'Search and commands' }).fill('gpt-oss 20b')
    await app.keyboard.press('Enter')
    await expect(app).toHaveURL(/\/models\/openai\/gpt-oss-20b/i)

    await app.keyboard.press('ControlOrMeta+k')
    await app.getByRole('textbox', { name: 'Search and commands' }).fill('dark theme')
    await app.keyboard.press('Enter')
    await expect(app.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  })
})
