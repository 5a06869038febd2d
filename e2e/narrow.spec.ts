import type { Page } from '@playwright/test'
import { expect, test } from './app-test.ts'

const PAGES = ['/', '/machine', '/library', '/smoke'] as const

async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main')
    const widest = Math.max(document.documentElement.scrollWidth - window.innerWidth, 0)
    return Math.max(widest, main === null ? 0 : main.scrollWidth - main.clientWidth)
  })
}

test.describe('at 900 px', () => {
  test.use({ viewport: { width: 900, height: 700 } })

  test('the rail shows icons with names, and nothing scrolls sideways', async ({ app, openAt }) => {
    for (const page of PAGES) {
      await openAt(page)
      await expect(app.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(app.getByRole('navigation').getByRole('link', { name: 'Models' })).toBeVisible()
      expect(await sideways(app), page).toBe(0)
    }
  })
})

// A window of 1280 px at 200 % zoom has 640 px for the page.
test.describe('at 640 px', () => {
  test.use({ viewport: { width: 640, height: 400 } })

  test('pages are in a drawer, needs behind one chip, and nothing scrolls sideways', async ({
    app,
    openAt,
  }) => {
    for (const page of PAGES) {
      await openAt(page)
      await expect(app.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await sideways(app), page).toBe(0)
    }
    await app.getByRole('button', { name: 'Open the menu' }).click()
    await app.getByRole('link', { name: 'Verdict' }).click()
    await expect(app).toHaveTitle('Verdict · Inhouse')
    await expect(app.getByRole('dialog')).toBeHidden()
    await app.getByRole('button', { name: /^Needs:/ }).click()
    await app.getByRole('radio', { name: 'Documents' }).check()
    await app.keyboard.press('Escape')
    await expect(app.getByRole('button', { name: /^Needs: Documents/ })).toBeVisible()
  })
})
