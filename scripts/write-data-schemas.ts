/**
 * Writes the JSON Schemas of the catalogue files and of the files users may add, made from the schemas that the app
 * itself checks with: `node scripts/write-data-schemas.ts`. Editors and other programs read them from `data/schema/`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { OWN_FILES } from '#backend/catalog/own-files.ts'
import { CATALOGUE_FILES } from '#backend/catalog/shipped-catalogue.ts'
import { packageRoot } from '#backend/store/package-root.ts'

/** Name and text of every schema file. */
export function dataSchemas(): ReadonlyMap<string, string> {
  const shipped = Object.values(CATALOGUE_FILES).map(({ name, schema }) => [name, schema] as const)
  const own = Object.values(OWN_FILES).map(({ name, schema }) => [`own-${name}`, z.array(schema)] as const)
  // `input`: what may be written in the file, where some properties of a user's own record can be left out.
  return new Map(
    [...shipped, ...own].map(([name, schema]) => [
      name.replace(/\.json$/, '.schema.json'),
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', reused: 'ref' }), null, 2)}\n`,
    ]),
  )
}

/** The folder they are kept in. */
export function schemaFolder(): string {
  return path.join(packageRoot(), 'data', 'schema')
}

async function writeDataSchemas(): Promise<void> {
  await mkdir(schemaFolder(), { recursive: true })
  for (const [name, text] of dataSchemas()) await writeFile(path.join(schemaFolder(), name), text)
}

if (path.parse(process.argv[1] ?? '').name === 'write-data-schemas') await writeDataSchemas()
