import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { startFaultyHub, type FaultyHub } from '#backend/download/testing/faulty-hub.ts'
import { expect, test } from './app-test.ts'
import { writeBrokenModel, writeSmallModel } from './model-files.ts'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

function library(page: Page) {
  return page.getByRole('grid', { name: 'On this machine' })
}

async function addFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Path of a folder' }).fill(folder)
  await page.getByRole('button', { name: 'Add the folder' }).click()
}

/** Lets go of a file over the page, as a file manager does. */
async function drop(page: Page, file: string): Promise<void> {
  const dropped = { name: path.basename(file), base64: (await readFile(file)).toString('base64') }
  await page.evaluate(({ name, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], name))
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }
  }, dropped)
}

async function violations(page: Page, legacy: boolean): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .setLegacyMode(legacy)
    .withTags(STANDARDS)
    .analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

test('a folder that is added shows its models, and says what is wrong with those that are none', async ({
  app,
  openAt,
  dataFolder,
  host,
  expectConsoleErrors,
}) => {
  // The browser reports the answer that there is no such folder.
  expectConsoleErrors()
  const folder = path.join(dataFolder, 'mine')
  await writeSmallModel(path.join(folder, 'small.gguf'))
  await writeBrokenModel(path.join(folder, 'broken.gguf'))
  await openAt('/library')
  await addFolder(app, path.join(dataFolder, 'nowhere'))
  await expect(app.getByRole('alert')).toContainText('There is no folder')
  await addFolder(app, folder)
  const row = library(app).getByRole('row').filter({ hasText: 'small.gguf' })
  await expect(row).toContainText('Q8_0')
  await expect(row).toContainText('Fits')
  await expect(row.getByRole('link', { name: /^Try / })).toHaveAttribute(
    'href',
    /^\/smoke\?file=.*small\.gguf$/,
  )
  await expect(app.getByRole('list', { name: 'Cannot be used' })).toContainText('broken.gguf cannot be used')
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.emulateMedia({ colorScheme })
    expect(await violations(app, host === 'desktop'), colorScheme).toEqual([])
  }

  await app.getByRole('button', { name: `Remove ${folder}` }).click()
  await expect(row).toHaveCount(0)
  await app.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toHaveCount(1)
})

test('a file that is dropped is asked about, copied and listed, and deleted only when confirmed', async ({
  app,
  openAt,
  dataFolder,
  host,
}) => {
  test.skip(host === 'desktop', 'a file made by a page lies nowhere')
  const file = await writeSmallModel(path.join(dataFolder, 'elsewhere', 'dropped.gguf'))
  await openAt('/library')
  await expect(library(app)).toBeVisible()
  await drop(app, file)
  const dialog = app.getByRole('dialog', { name: 'Add this file?' })
  await expect(dialog).toContainText('dropped.gguf')
  expect(await violations(app, false)).toEqual([])
  await dialog.getByRole('button', { name: 'Do nothing' }).click()
  await expect(library(app)).not.toContainText('dropped.gguf')

  await drop(app, file)
  await dialog.getByRole('button', { name: 'Copy into Inhouse’s folder' }).click()
  await expect(dialog).toContainText('added')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const row = library(app).getByRole('row').filter({ hasText: 'dropped.gguf' })
  await expect(row).toContainText('Inhouse')

  await row.getByRole('button', { name: /^Remove / }).click()
  await expect(app.getByRole('dialog')).toContainText('cannot be undone')
  await app.getByRole('button', { name: 'Keep it' }).click()
  await row.getByRole('button', { name: /^Remove / }).click()
  await app.getByRole('button', { name: /^Delete / }).click()
  await expect(row).toHaveCount(0)
})

test('what is no model file is turned away by name', async ({ app, openAt, dataFolder }) => {
  await openAt('/library')
  await expect(library(app)).toBeVisible()
  const file = await writeBrokenModel(path.join(dataFolder, 'notes.txt'))
  await drop(app, file)
  await expect(app.getByRole('dialog', { name: 'No model file among these' })).toContainText('notes.txt')
})

test.describe('with a hub', () => {
  let hub: FaultyHub
  /** Sends what is held back. */
  let goOn: () => void

  test.beforeEach(async ({ dataFolder }) => {
    const content = await readFile(await writeSmallModel(path.join(dataFolder, 'hub', 'model.gguf')))
    let released = false
    const held: (() => void)[] = []
    goOn = () => {
      released = true
      for (const send of held.splice(0)) send()
    }
    hub = await startFaultyHub({
      license: 'llama3.1',
      gated: 'auto',
      files: [{ name: 'Small-Q8_0.gguf', content }],
      onFile: ({ answerWell }) => (released ? answerWell() : held.push(answerWell)),
    })
  })
  test.afterEach(async () => {
    goOn()
    await hub.close()
  })

  test('a model is fetched after its license is accepted, paused, gone on with, and tried', async ({
    app,
    openAt,
    host,
  }) => {
    await openAt('/library')
    await app.getByText('Where downloads come from').click()
    await app.getByRole('textbox', { name: 'Address of a mirror' }).fill(hub.address)
    await app.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(app.getByText('Saved', { exact: true })).toBeVisible()

    const box = app.getByRole('combobox', { name: 'Repository, address or model' })
    await box.fill('https://example.com/org/name')
    await app.getByRole('button', { name: 'Show its files' }).click()
    await expect(app.getByText('example.com is not the hub.')).toBeVisible()
    await box.fill(`${hub.address}/somebody/Small-GGUF/tree/main`)
    await app.getByRole('button', { name: 'Show its files' }).click()
    const download = app.getByRole('button', { name: /^Download Small-Q8_0\.gguf/ })
    await expect(download).toBeDisabled()
    await app.getByRole('checkbox', { name: 'I have read it and accept it' }).check()
    expect(await violations(app, host === 'desktop')).toEqual([])
    await download.click()

    const item = app.getByRole('list', { name: 'Downloads' }).getByRole('listitem')
    await expect(item.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '0')
    await item.getByRole('button', { name: 'Pause Small-Q8_0.gguf' }).click()
    await expect(item).toContainText('paused')
    goOn()
    await item.getByRole('button', { name: 'Go on with Small-Q8_0.gguf' }).click()
    await expect(item).toContainText('done')
    await expect(item.getByRole('link', { name: 'Try Small-Q8_0.gguf' })).toHaveAttribute(
      'href',
      /^\/smoke\?file=.*Small-Q8_0\.gguf$/,
    )
    await expect(library(app)).toContainText('Small-Q8_0.gguf')
  })
})
