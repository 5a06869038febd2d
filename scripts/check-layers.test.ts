import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findLayerViolations } from './check-layers.ts'

const planted: string[] = []

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true })
})

function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'))
  planted.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test('the tree as it stands keeps the layer rule', () => {
  expect(findLayerViolations(resolve(import.meta.dirname, '../src'))).toEqual([])
})

test.each([
  ['core/a.ts', "import { probe } from '#backend/probe/probe.ts'"],
  ['core/a.ts', "import { probe } from '../backend/probe/probe.ts'"],
  ['core/a.ts', "import type { Contract } from '#contract/contract.ts'"],
  ['core/a.ts', "export { readFile } from 'node:fs'"],
  ['core/a.ts', "import * as z from 'zod'"],
  ['core/a.ts', "import models from '#data/models.json' with { type: 'json' }"],
  ['contract/a.ts', "import { join } from 'node:path'"],
  ['contract/a.ts', "const backend = await import('#backend/probe/probe.ts')"],
  ['backend/probe/a.ts', "import { start } from '../../main/web-host.ts'"],
  ['backend/probe/a.ts', "import { app } from 'electron'"],
  ['backend/api/a.ts', "import { parseRocminfo } from '#backend/probe/sources/amd.ts'"],
  ['backend/api/a.ts', "import type { Sighting } from '../probe/sighting.ts'"],
  ['backend/api/a.test.ts', "import { interpret } from '#backend/probe/interpret.ts'"],
  ['main/cli/a.ts', "import { isoDate } from '#backend/catalog/schemas/fields.ts'"],
  ['main/cli/a.ts', "import { load } from '#backend/llama/llama.ts'"],
  ['renderer/a.tsx', "import { probe } from '#backend/probe/probe.ts'"],
  ['main/web/a.ts', "import { app } from 'electron'"],
  ['preload/index.ts', "import { readFileSync } from 'node:fs'"],
  ['elsewhere/a.ts', 'export const a = 1'],
])('an import planted in %s is found: %s', (path, text) => {
  expect(findLayerViolations(plant({ [path]: text }))).toHaveLength(1)
})

test.each([
  ['core/a.ts', "import { b } from '#core/b.ts'\nimport { c } from './c.ts'"],
  [
    'core/a.test.ts',
    "import { expect } from 'vitest'\nimport models from '#data/models.json' with { type: 'json' }",
  ],
  ['backend/probe/a.ts', "import { parseRocminfo } from './sources/amd.ts'"],
  ['backend/api/a.ts', "import { scanMachine } from '#backend/probe/probe.ts'"],
  ['main/cli/a.ts', "import { appFolders } from '#backend/store/app-folders.ts'"],
  ['main/index.ts', "import { app } from 'electron'"],
  ['main/electron/a.ts', "import type { BrowserWindow } from 'electron'"],
])('an import that points down is left alone in %s: %s', (path, text) => {
  expect(findLayerViolations(plant({ [path]: text }))).toEqual([])
})
