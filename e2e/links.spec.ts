import { expect, test } from './app-test.ts'

test.describe('addresses', () => {
  test('carry needs and hardware to a colleague', async ({ app, openAt }) => {
    await openAt('/machine?needs=use:code,users:4&as-if=RTX+4090,+64+GB')
    await expect(app.getByRole('button', { name: 'Use case: Code' })).toBeVisible()
    await expect(app.getByRole('button', { name: 'Users: 4 users' })).toBeVisible()
    await expect(app.getByRole('button', { name: /^Machine: as if: .*4090/ })).toBeVisible()
  })

  test('that ask for unknown hardware say so and show this machine', async ({ app, openAt }) => {
    await openAt('/?as-if=RTX+9999')
    const banner = app.getByRole('alert', { name: 'The hardware you asked about is not known' })
    await expect(banner).toContainText('unknown GPU "RTX 9999"')
    await expect(app.getByRole('button', { name: /^Machine: This machine:/ })).toBeVisible()
    await app.getByRole('button', { name: 'Show this machine' }).click()
    await expect(banner).toBeHidden()
    await expect(app).not.toHaveURL(/as-if/)
  })

  test('of pages work with back and forward, and keep what was chosen', async ({ app }) => {
    const pages = app.getByRole('navigation', { name: 'Pages' })
    await pages.getByRole('link', { name: 'Machine', exact: true }).click()
    await expect(app.getByRole('heading', { level: 1, name: 'Machine' })).toBeVisible()
    await expect(app).toHaveTitle('Machine · Inhouse')
    await app.getByRole('button', { name: /^Use case:/ }).click()
    await app.getByRole('radio', { name: 'Reasoning' }).check()
    await app.goBack()
    await expect(app).toHaveTitle('Verdict · Inhouse')
    await expect(app.getByRole('button', { name: 'Use case: Reasoning' })).toBeVisible()
    await expect(app).toHaveURL(/reasoning/)
    await app.goForward()
    await expect(app).toHaveTitle('Machine · Inhouse')
  })

  test('that nothing answers at say so, as text', async ({ app, openAt }) => {
    await openAt('/no/such/page?<img src=x onerror=alert(1)>')
    await expect(app.getByRole('heading', { level: 1, name: 'There is no page here' })).toBeVisible()
    await app.getByRole('link', { name: 'Go to the verdict' }).click()
    await expect(app).toHaveTitle('Verdict · Inhouse')
  })
})
