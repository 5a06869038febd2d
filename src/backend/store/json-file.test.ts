import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'inhouse-store-'))))
afterEach(() => rm(folder, { recursive: true }))

it('reads back what it wrote, making the folder, and leaves nothing else behind', async () => {
  const file = path.join(folder, 'made', 'a.json')
  await writeJsonFile(file, { a: [1, null] })
  expect(await readJsonFile(file)).toEqual({ a: [1, null] })
  expect(await readdir(path.dirname(file))).toEqual(['a.json'])
})

it('never shows half a file to a reader, however many write', async () => {
  const file = path.join(folder, 'a.json')
  const long = (letter: string) => ({ letter, text: letter.repeat(200_000) })
  await writeJsonFile(file, long('a'))
  const writing = Promise.all(['b', 'c', 'd', 'e'].map((letter) => writeJsonFile(file, long(letter))))
  for (let read = 0; read < 20; read++) {
    const found = (await readJsonFile(file)) as ReturnType<typeof long>
    expect(found.text).toBe(found.letter.repeat(200_000))
  }
  await writing
  expect(await readdir(folder)).toEqual(['a.json'])
})

it('takes a missing and a broken file for none', async () => {
  expect(await readJsonFile(path.join(folder, 'none.json'))).toBeNull()
  await writeFile(path.join(folder, 'broken.json'), '{"a":')
  expect(await readJsonFile(path.join(folder, 'broken.json'))).toBeNull()
})

it('says what to do when it cannot write', async () => {
  await writeFile(path.join(folder, 'file'), '')
  await expect(writeJsonFile(path.join(folder, 'file', 'a.json'), 1)).rejects.toMatchObject({
    code: 'STORE_UNWRITABLE',
    nextStep: expect.stringContaining('INHOUSE_DATA_DIR'),
  })
})
