import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './app-test.ts'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

const PAGES = [
  ['Verdict', '/'],
  ['Machine', '/machine'],
  ['Verdict as if', '/?as-if=2x+RTX+3090,+128+GB&needs=reserve:use'],
  ['no page', '/no/such/page'],
  ['Smoke test', '/smoke'],
] as const

async function violations(page: Page, legacy: boolean): Promise<readonly string[]> {
  // The default mode opens a helper page, which a desktop window cannot.
  const { violations: found } = await new AxeBuilder({ page })
    .setLegacyMode(legacy)
    .withTags(STANDARDS)
    .analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    for (const [name, address] of PAGES) {
      test(`${name} has no barrier axe can find`, async ({ app, openAt, host }) => {
        await app.emulateMedia({ colorScheme })
        await openAt(address)
        await expect(app.getByRole('heading', { level: 1 })).toBeVisible()
        await expect(app.getByRole('contentinfo')).toContainText('catalogue of')
        expect(await violations(app, host === 'desktop')).toEqual([])
      })
    }

    test('an open editor and the palette have no barrier axe can find', async ({ app, host }) => {
      await app.emulateMedia({ colorScheme })
      await expect(app.getByRole('article').first()).toBeVisible()
      await app.getByRole('button', { name: /^Machine:/ }).click()
      await expect(app.getByRole('textbox', { name: 'Or describe it' })).toBeVisible()
      expect(await violations(app, host === 'desktop')).toEqual([])
      await app.keyboard.press('Escape')
      await app.keyboard.press('ControlOrMeta+k')
      await expect(app.getByRole('textbox', { name: 'Search and commands' })).toBeVisible()
      expect(await violations(app, host === 'desktop')).toEqual([])
    })
  })
}
