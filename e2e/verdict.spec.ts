import { expect, test } from './app-test.ts'

test.describe('the verdict', () => {
  test('answers in one sentence, with picks that say why', async ({ app }) => {
    const pick = app.getByRole('article').first()
    await expect(pick).toBeVisible()
    await expect(app.getByRole('heading', { level: 1 })).toContainText(/\S+ .*\S+/)
    await expect(pick.getByText(/Best quality|Best balance|Fastest/).first()).toBeVisible()
    await expect(pick.getByText(/tok\/s/).first()).toBeVisible()
    await expect(pick.getByText(/^(Fits|Tight)$/)).toBeVisible()
    await expect(pick.getByRole('table', { name: /Memory of/ }).first()).toContainText('KV cache')
  })

  test('says of a figure how it is known, on focus', async ({ app }) => {
    const mark = app
      .getByRole('article')
      .first()
      .getByRole('button', { name: /^estimated/ })
      .first()
    await mark.focus()
    await expect(app.getByRole('tooltip')).toContainText('Estimated by a formula')
  })

  test('opens the plan of a pick with its quantization and context', async ({ app }) => {
    const pick = app.getByRole('article').first()
    const name = (await pick.getByRole('heading', { level: 2 }).textContent()) ?? ''
    await pick.getByRole('link', { name: /^Details/ }).click()
    await expect(app).toHaveURL(/\/models\/.+\?.*quant=.+&context=8192/)
    await expect(app.getByRole('heading', { level: 1 })).toContainText(name)
  })

  test('applies what would change the answer, and takes it back', async ({ app }) => {
    const changes = app.getByRole('region', { name: 'What would change this answer' })
    const first = changes.getByRole('button').first()
    await expect(first).toBeVisible()
    const before = await app.getByRole('heading', { level: 1 }).textContent()
    const url = app.url()
    await first.click()
    await expect(app).not.toHaveURL(url)
    await app.getByRole('button', { name: 'Undo' }).click()
    await expect(app).toHaveURL(url)
    await expect(app.getByRole('heading', { level: 1 })).toHaveText(before ?? '')
  })

  test('says so when nothing fits, and why', async ({ app, openAt }) => {
    await openAt('/?needs=speed:100000')
    await expect(app.getByRole('article')).toHaveCount(0)
    await expect(app.getByRole('heading', { level: 1 })).not.toBeEmpty()
    await expect(app.getByText('too slow')).toBeVisible()
  })
})
