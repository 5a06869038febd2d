import type { Page } from '@playwright/test'

/** What a page did that it must not do. */
export interface PageWatch {
  /** Console errors, uncaught errors and violations of the content policy. */
  problems(): readonly string[]
  /** Requests to anywhere but the app's own origin. */
  foreignRequests(): readonly string[]
  /** From now on console errors are part of the test. */
  expectErrors(): void
}

/** Watches a page from before its first script. */
export function watchPage(page: Page, origin: string): PageWatch {
  const problems: string[] = []
  const foreign: string[] = []
  let errorsExpected = false
  page.on('console', (message) => {
    const violation = message.text().includes('Content Security Policy')
    if (violation || (message.type() === 'error' && !errorsExpected)) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) foreign.push(url)
  })
  return {
    problems: () => problems,
    foreignRequests: () => foreign,
    expectErrors: () => {
      errorsExpected = true
    },
  }
}
