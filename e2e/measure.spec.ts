import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app-test.ts'

/** The smallest chat model of the catalogue: really run, without its weights, in a few seconds. */
const TINY = '/models/HuggingFaceTB/SmolLM2-135M-Instruct?quant=Q4_K_M&context=1024'
const AS_IF = 'as-if=RTX+3060,+64+GB'

const memory = (app: Page): Locator => app.getByRole('region', { name: 'Memory' })
const speed = (app: Page): Locator => app.getByRole('region', { name: 'Speed' })
const panel = (app: Page): Locator => app.getByRole('region', { name: 'Measure this plan' })

/** The mark of one part of the first pool: how its bytes are known. */
function markOf(app: Page, part: string): Locator {
  return memory(app)
    .getByRole('row', { name: new RegExp(`^${part}`) })
    .first()
    .getByRole('button')
}

/** Barriers in the parts that measuring adds; the rest of the pages has specs of its own. */
async function expectNoBarrier(part: Locator, legacy: boolean): Promise<void> {
  const label = await part.getAttribute('aria-label')
  const { violations } = await new AxeBuilder({ page: part.page() })
    .setLegacyMode(legacy)
    .include(`[aria-label="${label}"]`)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual(
    [],
  )
}

test.describe('checking exactly', () => {
  test('replaces the estimates where they stand, and goes on by itself', async ({ app, openAt }) => {
    await openAt(TINY)
    await expect(markOf(app, 'Weights')).toHaveAccessibleName(/^estimated/)
    const before = await markOf(app, 'Total').boundingBox()
    await app.getByRole('button', { name: 'Check exactly' }).click()
    await expect(app.getByText(/^Exact: llama\.cpp/)).toBeVisible()
    for (const part of ['Weights', 'KV cache', 'Compute', 'Total']) {
      await expect(markOf(app, part)).toHaveAccessibleName(/^simulated/)
    }
    expect((await markOf(app, 'Total').boundingBox())?.y).toBe(before?.y)
    await app.getByRole('slider', { name: 'Context per user' }).press('ArrowRight')
    await expect(app).toHaveURL(/context=4096/)
    await expect(markOf(app, 'Weights')).toHaveAccessibleName(/^simulated/)
  })

  test('says why it cannot be done for hardware that is not here', async ({ app, openAt }) => {
    await openAt(`${TINY}&${AS_IF}&measure=quick`)
    await expect(app.getByRole('button', { name: 'Check exactly' })).toBeDisabled()
    await expect(memory(app).getByText(/only about this machine/)).toBeVisible()
    await expect(panel(app).getByText(/Only the machine Inhouse runs on/)).toBeVisible()
  })

  test('makes the picks of the verdict exact without being asked', async ({ app }) => {
    const pick = app.getByRole('article').first()
    await expect(pick.getByRole('button', { name: /^simulated/ }).first()).toBeVisible()
    await pick.getByRole('link', { name: /^Measure .* here$/ }).click()
    await expect(panel(app).getByText('Download')).toBeVisible()
  })
})

test.describe('measuring', () => {
  test('runs the model without a download, whatever page is shown', async ({ app, openAt, host }) => {
    // A quick run takes ten seconds on an idle machine, and several times that beside other specs.
    test.slow()
    await openAt(`${TINY}&kv=q8_0&measure=quick`)
    await panel(app).getByRole('button', { name: 'Start' }).click()
    await expect(panel(app).getByRole('progressbar')).toBeVisible()
    await expectNoBarrier(panel(app), host === 'desktop')
    await app.getByRole('link', { name: 'Verdict' }).click()
    const status = app.getByRole('contentinfo')
    await status.getByRole('link', { name: /^measuring SmolLM2/ }).click()
    await expect(panel(app).getByText(/^Measured in/)).toBeVisible({ timeout: 180_000 })
    await expect(
      speed(app)
        .getByRole('button', { name: /^measured/ })
        .first(),
    ).toBeVisible()
    await expect(
      panel(app)
        .getByText(/the estimate was/)
        .first(),
    ).toBeVisible()
    await status.getByRole('link', { name: '1 measurement' }).click()
    await expect(app.getByRole('img', { name: /^Predicted and measured decode speed/ })).toBeVisible()
    await expectNoBarrier(app.getByRole('region', { name: 'Measurements' }), host === 'desktop')
  })

  test('stops when it is cancelled, keeps nothing, and can be started again', async ({ app, openAt }) => {
    await openAt(`${TINY}&measure=full`)
    await panel(app).getByRole('button', { name: 'Start' }).click()
    await panel(app).getByRole('button', { name: 'Cancel' }).click()
    await expect(panel(app).getByText(/Its process and its files are gone/)).toBeVisible()
    await expect(panel(app).getByRole('button', { name: 'Start' })).toBeEnabled()
    await expect(app.getByRole('contentinfo')).not.toContainText('measurement')
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the measuring panel and exact memory have no barrier in ${colorScheme}`, async ({
    app,
    openAt,
    host,
  }) => {
    await app.emulateMedia({ colorScheme })
    await openAt(`${TINY}&measure=full`)
    await app.getByRole('button', { name: 'Check exactly' }).click()
    await expect(app.getByText(/^Exact: llama\.cpp/)).toBeVisible()
    await expect(panel(app).getByText('Layers run')).toBeVisible()
    await expectNoBarrier(panel(app), host === 'desktop')
    await expectNoBarrier(memory(app), host === 'desktop')
  })
}
