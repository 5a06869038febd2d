import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { CATALOGUE_FILES } from '#backend/catalog/shipped-catalogue.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import type { Model } from '#core/model/model.ts'

const shippedFolder = appFolders().dataFolder
let folder = ''
let dataFolder = ''
let userFolder = ''

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-catalog-'))
  dataFolder = path.join(folder, 'data')
  userFolder = folder
  for (const { name } of Object.values(CATALOGUE_FILES))
    await cp(path.join(shippedFolder, name), path.join(dataFolder, name))
})
afterEach(() => rm(folder, { recursive: true }))

const load = () => loadCatalogue({ dataFolder, userFolder })

/** Changes the text of a shipped file. */
async function damage(name: string, change: (text: string) => string): Promise<string> {
  const file = path.join(dataFolder, name)
  const before = await readFile(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  await writeFile(file, after)
  return file
}

async function shippedModel(): Promise<Omit<Model, 'origin'>> {
  const { records } = JSON.parse(await readFile(path.join(dataFolder, 'models.json'), 'utf8')) as {
    records: Model[]
  }
  const [model] = records
  if (model === undefined) throw new Error('no shipped model')
  return model
}

describe('the shipped catalogue', () => {
  it('is valid, whole and marked as shipped', async () => {
    const catalogue = await load()
    expect(catalogue.models.length).toBe(164)
    expect(catalogue.accelerators.length).toBeGreaterThanOrEqual(301)
    expect(catalogue.problems).toEqual([])
    expect(new Set(catalogue.models.map((model) => model.origin))).toEqual(new Set(['shipped']))
    expect(catalogue.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('names the file, the place inside and what to do when a value is wrong', async () => {
    const file = await damage('models.json', (text) => text.replace(/"layers": \d+/, '"layers": "many"'))
    await expect(load()).rejects.toMatchObject({
      code: 'CATALOGUE_CORRUPT',
      message: expect.stringMatching(
        /records\[0\]\.architecture\.layers: expected number, received string \(line \d+\)/,
      ),
      nextStep: expect.stringContaining('Install Inhouse again'),
    })
    await expect(load()).rejects.toThrow(file)
    const text = await readFile(file, 'utf8')
    const line = text.slice(0, text.indexOf('"many"')).split('\n').length
    await expect(load()).rejects.toThrow(`(line ${line})`)
  })

  it.each([
    [
      'a file that is cut off',
      'accelerators.json',
      (text: string) => text.slice(0, text.length / 2),
      /line \d+/,
    ],
    ['an empty file', 'licenses.json', () => '', /not valid JSON/],
    [
      'a property nobody knows',
      'quantizations.json',
      (text: string) => text.replace('"id"', '"ident"'),
      /records\[0\]/,
    ],
    [
      'control characters in a name',
      'models.json',
      (text: string) => text.replace(/"name": "/, '"name": "\\u001b[2J'),
      /name/,
    ],
    [
      'a text that reads backwards',
      'models.json',
      (text: string) => text.replace(/"name": "/, '"name": "\\u202e'),
      /name/,
    ],
    [
      'a license nobody knows',
      'models.json',
      (text: string) => text.replace(/"license": "[^"]+"/, '"license": "made-up"'),
      /"made-up" is not in licenses\.json/,
    ],
    [
      'another schema',
      'speed-model.json',
      (text: string) => text.replace(/speed-model\/1/, 'speed-model/9'),
      /schema/,
    ],
  ])('refuses %s', async (_what, name, change, message) => {
    await damage(name, change)
    await expect(load()).rejects.toMatchObject({
      code: 'CATALOGUE_CORRUPT',
      message: expect.stringMatching(message),
    })
  })

  it('refuses an id that is there twice, and a missing file', async () => {
    await damage('models.json', (text) => {
      const file = JSON.parse(text) as { records: unknown[] }
      return JSON.stringify({ ...file, records: [...file.records, file.records[0]] })
    })
    await expect(load()).rejects.toThrow(/is there twice \(second time at records\[164\]\)/)
    await rm(path.join(dataFolder, 'models.json'))
    await expect(load()).rejects.toMatchObject({
      code: 'CATALOGUE_CORRUPT',
      message: expect.stringContaining('cannot be read'),
    })
  })
})

describe("the user's own records", () => {
  it('come after the shipped ones, marked as theirs, with what they leave out filled in', async () => {
    await writeFile(
      path.join(userFolder, 'accelerators.json'),
      JSON.stringify({
        records: [
          {
            id: 'my-card',
            name: 'My <b>card</b>',
            vendor: 'NVIDIA',
            memoryBytes: 24e9,
            backends: ['cuda'],
            asOf: '2026-11',
          },
        ],
      }),
    )
    const { accelerators, problems } = await load()
    expect(problems).toEqual([])
    expect(accelerators.at(-1)).toMatchObject({
      id: 'my-card',
      name: 'My <b>card</b>',
      origin: 'user',
      bandwidthBytesPerSecond: null,
      unified: false,
      pciIds: [],
    })
  })

  it('need not name what a usual model does not have, and must name what decides its size', async () => {
    const attention = { kind: 'full', fullLayers: 32 }
    const architecture = {
      gguf: 'llama',
      layers: 32,
      hidden: 4096,
      heads: 32,
      kvHeads: 8,
      headDimension: 128,
      ffn: 14336,
      vocabulary: 128256,
      contextTokens: 131072,
      tiedEmbeddings: false,
      gatedFfn: true,
      attention,
    }
    const model = {
      id: 'me/tuned-llama',
      name: 'Our tuned Llama',
      developer: 'Us',
      family: 'llama',
      kind: 'chat',
      released: '2026-11',
      license: 'apache-2.0',
      parameters: { total: 8030261248, text: 8030261248, published: 8030261248, publishedBasis: 'counted' },
      architecture,
      nativeContextTokens: 131072,
      asOf: '2026-11-23',
    }
    const write = (record: unknown) =>
      writeFile(path.join(userFolder, 'models.json'), JSON.stringify([record]))
    await write(model)
    const { models, problems } = await load()
    expect(problems).toEqual([])
    expect(models.at(-1)).toMatchObject({
      origin: 'user',
      architecture: {
        ...architecture,
        moe: null,
        qkvBias: false,
        ffnWideLayers: 0,
        attention: { ...attention, recurrent: null },
      },
    })
    for (const decisive of ['gguf', 'ffn', 'gatedFfn', 'tiedEmbeddings', 'kvHeads'] as const) {
      const { [decisive]: _left, ...rest } = architecture
      await write({ ...model, architecture: rest })
      expect((await load()).problems.map(({ message }) => message)).toEqual([
        expect.stringContaining(`architecture.${decisive}`),
      ])
    }
  })

  it('replace a shipped record in its place and say so', async () => {
    const model = await shippedModel()
    await writeFile(
      path.join(userFolder, 'models.json'),
      JSON.stringify([{ ...model, name: 'Mine', note: 'Ours.' }]),
    )
    const { models } = await load()
    expect(models).toHaveLength(164)
    expect(models[0]).toMatchObject({
      id: model.id,
      name: 'Mine',
      origin: 'user',
      note: 'Ours. Replaces the shipped record of this name.',
    })
  })

  it('that are wrong are named with file and line, and cost nothing else', async () => {
    const model = await shippedModel()
    const entry = (id: string) => JSON.stringify({ ...model, id })
    const file = path.join(userFolder, 'models.json')
    await writeFile(
      file,
      [
        '[',
        `${entry('me/good')},`,
        '{ "id": "me/short",',
        '  "name": 12 },',
        '{ "id": "me/typo", "name": "x" "kind": "chat" },',
        `${entry('me/good')},`,
        `${entry('me/odd').replace(model.license, 'made-up')},`,
        `${entry('me/also-good')}`,
        ']',
      ].join('\n'),
    )
    const { models, problems } = await load()
    expect(models.filter((found) => found.origin === 'user').map((found) => found.id)).toEqual([
      'me/good',
      'me/also-good',
    ])
    expect(problems.every((problem) => problem.file === file)).toBe(true)
    expect(new Set(problems.map(({ line }) => line))).toEqual(new Set([4, 5, 6, 7]))
    expect(problems).toHaveLength(4)
    const message = (line: number) => problems.find((problem) => problem.line === line)?.message
    expect(message(4)).toContain('name: expected string, received number')
    expect(message(5)).toContain('not valid JSON: unexpected "kind"')
    expect(message(6)).toContain('twice')
    expect(message(7)).toContain('"made-up"')
  })

  it.each(['', '7', '{"models": []}', '<html>'])(
    'file that holds no list is named whole: %s',
    async (text) => {
      await writeFile(path.join(userFolder, 'models.json'), text)
      const { models, problems } = await load()
      expect(models).toHaveLength(164)
      expect(problems).toEqual([
        { file: path.join(userFolder, 'models.json'), line: null, message: expect.stringContaining('list') },
      ])
    },
  )

  it('are not asked for without a folder', async () => {
    await writeFile(path.join(userFolder, 'models.json'), '[7]')
    expect((await loadCatalogue({ dataFolder, userFolder: null })).problems).toEqual([])
  })
})
