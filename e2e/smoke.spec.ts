import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app-test.ts'
import { startChatServer } from './chat-server.ts'

/** Word for word what the pilot's manual says. */
const LORA = /^LoRA is a way to fine-tune a model by training two small matrices/

const chat = (app: Page): Locator => app.getByRole('region', { name: 'Chat' })
const said = (app: Page): Locator => app.getByRole('region', { name: 'What was said' }).first()
const side = (app: Page): Locator => app.getByRole('complementary', { name: 'Smoke test and numbers' })
const prompt = (app: Page): Locator => app.getByRole('textbox', { name: 'Your message' })

async function expectNoBarrier(app: Page, legacy: boolean): Promise<void> {
  const { violations } = await new AxeBuilder({ page: app })
    .setLegacyMode(legacy)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual(
    [],
  )
}

test('at the first visit one click tests the pilot, and it passes', async ({ app, openAt, host }) => {
  await openAt('/smoke')
  await side(app).getByRole('button', { name: 'Run the smoke test' }).click()
  await expect(side(app).getByText('Passed: the pilot')).toBeVisible({ timeout: 60_000 })
  const checks = side(app).getByRole('listitem')
  await expect(checks.filter({ hasText: 'passed' })).toHaveCount(6)
  await expect(checks.filter({ hasText: 'not asked' })).toHaveCount(3)
  await expect(side(app).getByText('Decoding 128 tokens')).toBeVisible()
  await checks.filter({ hasText: 'Ends its turn' }).getByText('Ends its turn').click()
  await expect(side(app).getByText(LORA)).toBeVisible()
  await expectNoBarrier(app, host === 'desktop')
})

test('the pilot answers at once, its numbers beside what was predicted', async ({ app, openAt, host }) => {
  await openAt('/smoke')
  await said(app).getByRole('button', { name: 'What is LoRA?' }).click()
  await expect(said(app).getByText(LORA)).toBeVisible()
  await expect(said(app).getByText(/\d+ tokens, [\d,.]+ tok\/s, first after/)).toBeVisible()
  await expect(side(app).getByRole('heading', { name: 'Numbers of the pilot' })).toBeVisible()
  await expect(
    side(app)
      .getByRole('button', { name: /^measured; the last answer/ })
      .first(),
  ).toBeVisible()
  await expect(
    side(app)
      .getByText(/the prediction was (\d+ % (low|high)|right within 1 %)/)
      .first(),
  ).toBeVisible()
  await expect(side(app).getByText(/of 2,048 tokens of context used/)).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.emulateMedia({ colorScheme })
    await expectNoBarrier(app, host === 'desktop')
  }
})

test('a conversation goes on, is changed, kept, found again and saved', async ({ app, openAt }) => {
  await openAt('/smoke')
  await prompt(app).fill('What is quantization?')
  await prompt(app).press('Enter')
  await expect(said(app).getByText(/^Quantization stores the weights/)).toBeVisible()
  await prompt(app).fill('What is LoRA?')
  await prompt(app).press('Enter')
  await expect(said(app).getByText(LORA)).toBeVisible()

  // Answered again: still two questions and two answers.
  await said(app).getByRole('button', { name: 'Answer again' }).click()
  await expect(said(app).getByText(LORA)).toBeVisible()
  await expect(said(app).getByRole('listitem')).toHaveCount(4)

  // The first question changed: what followed is gone.
  await said(app).getByRole('button', { name: 'Edit' }).first().click()
  await app.getByRole('textbox', { name: 'Your message, to change' }).fill('What is a token?')
  await said(app).getByRole('button', { name: 'Ask again' }).click()
  await expect(said(app).getByRole('button', { name: 'Answer again' })).toBeVisible()
  await expect(said(app).getByRole('listitem')).toHaveCount(2)
  await expect(said(app).getByText(LORA)).toBeHidden()

  await chat(app).getByRole('button', { name: 'More' }).click()
  await app.getByRole('menuitem', { name: 'Rename' }).click()
  await app.getByRole('textbox', { name: 'Name' }).fill('About tokens')
  await app.getByRole('button', { name: 'Rename' }).click()
  const download = app.waitForEvent('download')
  await chat(app).getByRole('button', { name: 'More' }).click()
  await app.getByRole('menuitem', { name: 'Save as Markdown' }).click()
  expect(await readFile(await (await download).path(), 'utf8')).toContain('# About tokens')

  await openAt('/smoke')
  await chat(app).getByRole('button', { name: 'Conversations' }).click()
  await app.getByRole('menuitem', { name: /About tokens/ }).click()
  await expect(said(app).getByText('What is a token?')).toBeVisible()

  await chat(app).getByRole('button', { name: 'More' }).click()
  await app.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(said(app).getByText('What is a token?')).toBeHidden()
  await app.getByRole('button', { name: 'Undo' }).click()
  await expect(said(app).getByText('What is a token?')).toBeVisible()
})

test('an answer follows a JSON schema, and the system prompt and sampling can be set', async ({
  app,
  openAt,
}) => {
  await openAt('/smoke')
  await chat(app).getByRole('button', { name: 'Settings' }).click()
  const schema = app.getByRole('textbox', { name: 'JSON schema' })
  await schema.fill('{"type": "object", ')
  await expect(app.getByText(/JSON/).last()).toBeVisible()
  await expect(schema).toHaveAttribute('aria-invalid', 'true')
  await schema.fill('{"type": "object", "properties": {"city": {"enum": ["Paris", "Rome"]}}}')
  await expect(schema).not.toHaveAttribute('aria-invalid', 'true')
  await app.keyboard.press('Escape')
  await prompt(app).fill('Where?')
  await prompt(app).press('Enter')
  await expect(said(app).getByText(/^\{\s+"city": "(Paris|Rome)"\s+\}$/)).toBeVisible()
})

test('the same goes to another engine beside the pilot, with its cost', async ({ app, openAt }) => {
  const server = await startChatServer()
  try {
    await openAt('/smoke')
    await app.getByRole('button', { name: 'Other engines' }).click()
    const dialog = app.getByRole('dialog', { name: 'Other engines' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('My server')
    await dialog.getByRole('textbox', { name: 'Address' }).fill(server.url)
    await dialog.getByRole('textbox', { name: 'USD per million tokens in' }).fill('1000')
    await dialog.getByRole('textbox', { name: 'USD per million tokens out' }).fill('2000')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByText('1 model')).toBeVisible()
    await app.keyboard.press('Escape')
    await app.getByRole('combobox', { name: 'Compare with' }).click()
    await app.getByRole('option', { name: 'parrot' }).click()
    await prompt(app).fill('What is LoRA?')
    await prompt(app).press('Enter')
    await expect(said(app).getByText(LORA)).toBeVisible()
    const other = app.getByRole('region', { name: 'What was said' }).nth(1)
    await expect(other.getByText('You said: What is LoRA?', { exact: true })).toBeVisible()
    await expect(other.getByText(/0\.05 USD/)).toBeVisible()
    // Nothing a model says is followed or fetched: its link and its picture are words.
    await expect(other.getByText('(https://example.invalid/)', { exact: true })).toBeVisible()
    await expect(other.getByText('[image: a picture]', { exact: true })).toBeVisible()
    await expect(other.getByRole('link')).toHaveCount(0)
  } finally {
    await server.close()
  }
})

test('an adapter changes how the pilot answers, and the test is run without and with it', async ({
  app,
  openAt,
}) => {
  await openAt('/smoke')
  await app.getByRole('button', { name: 'Options' }).click()
  await app.getByRole('combobox', { name: 'LoRA adapter' }).click()
  await app.getByRole('option', { name: 'Brief answers, for the pilot' }).click()
  await app.keyboard.press('Escape')
  await prompt(app).fill('What is LoRA?')
  await prompt(app).press('Enter')
  await expect(said(app).getByText(/^In short:/)).toBeVisible()
  await side(app).getByRole('button', { name: 'Test both' }).click()
  const comparison = side(app).getByRole('region', { name: 'Side by side' })
  await expect(comparison).toBeVisible({ timeout: 60_000 })
  await expect(comparison.getByRole('row', { name: /^Answers/ })).toContainText('other answers')
})

test('a file that is no model is refused with the reason, and the next choice works', async ({
  app,
  openAt,
  dataFolder,
}) => {
  await openAt(`/smoke?file=${encodeURIComponent(`${dataFolder}/settings.json`)}`)
  await prompt(app).fill('Hello?')
  await prompt(app).press('Enter')
  await expect(said(app).getByRole('alert')).toContainText(/not|no/)
  await app.getByRole('combobox', { name: 'Model' }).click()
  await app.getByRole('option', { name: 'The pilot' }).click()
  await prompt(app).fill('What is LoRA?')
  await prompt(app).press('Enter')
  await expect(said(app).getByText(LORA)).toBeVisible()
})
