import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { dataSchemas, schemaFolder } from './write-data-schemas.ts'

it('has written the schemas that the app checks with (else run "node scripts/write-data-schemas.ts")', async () => {
  const expected = dataSchemas()
  expect((await readdir(schemaFolder())).toSorted()).toEqual([...expected.keys()].toSorted())
  for (const [name, text] of expected) {
    expect([name, await readFile(path.join(schemaFolder(), name), 'utf8')]).toEqual([name, text])
  }
})

it('lets users leave out what may be unknown', () => {
  const schema = JSON.parse(dataSchemas().get('own-accelerators.schema.json') ?? '') as {
    items: { required: string[] }
  }
  expect(schema.items.required).toEqual(['id', 'name', 'vendor', 'asOf'])
})
