import { expect, test } from './app-test.ts'

test.describe('when the server stops answering', () => {
  test('the page says so and keeps what it knows', async ({ app, backend, expectConsoleErrors }) => {
    await expect(app.getByRole('article').first()).toBeVisible()
    await expect(app.getByRole('contentinfo')).toContainText('scanned')
    expectConsoleErrors()
    await backend.stop()
    const banner = app.getByRole('alert', { name: 'The Inhouse server stopped answering' })
    await expect(banner).toBeVisible()
    await expect(app.getByRole('article').first()).toBeVisible()
    await app.getByRole('button', { name: 'Retry' }).click()
    await expect(banner).toBeVisible()

    // A new start makes a new token: this page cannot go on, and says what to do.
    await backend.startAgain()
    await expect(app.getByRole('alert', { name: 'This page may not ask the Inhouse server' })).toBeVisible()
  })

  test('a lost connection heals by itself', async ({ app, openAt, expectConsoleErrors }) => {
    await openAt('/machine')
    await expect(app.getByText(/^Scanned in/)).toBeVisible()
    expectConsoleErrors()
    await app.route('**/rpc/**', (route) => route.abort())
    await app.getByRole('button', { name: 'Scan again' }).click()
    const banner = app.getByRole('alert', { name: 'The Inhouse server stopped answering' })
    await expect(banner).toBeVisible()
    await app.unroute('**/rpc/**')
    await expect(banner).toBeHidden()
    await expect(app.getByText(/^Scanned in/)).toBeVisible()
  })
})
