import {
  chmod,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { createLibrary, type Library } from '#backend/library/library.ts'
import { writeLastScan } from '#backend/store/last-scan.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import type { LibraryUpdate } from '#contract/library.ts'
import type { Machine } from '#core/machine/machine.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const MACHINE: Machine = {
  os: { platform: 'linux', name: null, version: null, architecture: 'x64', virtualization: null },
  cpu: {
    name: null,
    vendor: null,
    physicalCores: 2,
    logicalCores: 2,
    performanceCores: null,
    usableCores: 2,
    features: [],
  },
  memory: { totalBytes: 16e9, freeBytes: 12e9, limitBytes: 16e9, bandwidthBytesPerSecond: null },
  accelerators: [],
  disks: [],
  backends: ['cpu'],
  sources: {},
  warnings: [],
  scannedAt: '2026-11-23T10:00:00.000Z',
  asIf: false,
}

let root: string
/** A small model's file, to be copied wherever a test wants one. */
let sample: string
let larger: string
let home: string
let userFolder: string
let dataFolder: string
let library: Library
let count = 0

/** SmolLM2 135M, or that with fewer layers and words: nobody's shape, and a megabyte. */
async function writeSample(
  quantizationId: string,
  size: 'whole' | 'small' | 'tens-of-megabytes',
): Promise<string> {
  const file = path.join(root, `sample-${quantizationId}-${size}.gguf`)
  const model = shippedCatalogue.models.find(({ id }) => id === 'HuggingFaceTB/SmolLM2-135M-Instruct')!
  const vocabulary = { whole: 49_152, small: 512, 'tens-of-megabytes': 20_000 }[size]
  const layers = size === 'whole' ? model.architecture.layers : 2
  await writeModelFile({
    model: { ...model, architecture: { ...model.architecture, layers, vocabulary } },
    quantization: shippedCatalogue.quantizations.find(({ id }) => id === quantizationId)!,
    path: file,
    fill: 'sparse',
    vocabulary: 'none',
  })
  return file
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'inhouse-library-'))
  sample = await writeSample('Q4_K_M', 'small')
  larger = await writeSample('Q8_0', 'tens-of-megabytes')
})
afterAll(() => rm(root, { recursive: true }))

beforeEach(async () => {
  count += 1
  home = path.join(root, `home-${count}`)
  userFolder = path.join(root, `user-${count}`)
  dataFolder = path.join(root, `data-${count}`)
  await mkdir(home)
  library = createLibrary({
    folders: { dataFolder, userFolder },
    settings: settingsFile(userFolder),
    catalogue: () => Promise.resolve(shippedCatalogue),
    environment: {},
    homeFolder: home,
    platform: 'darwin',
  })
})

/** A copy with the weights left as a hole. */
async function put(from: string, ...to: readonly string[]): Promise<string> {
  const file = path.join(...to)
  await mkdir(path.dirname(file), { recursive: true })
  await cp(from, file)
  return file
}

async function scanned(from = library) {
  const updates: LibraryUpdate[] = []
  const stream = from.scan()
  for (;;) {
    const step = await stream.next()
    if (step.done === true) return { updates, ...step.value }
    updates.push(step.value)
  }
}

async function listed() {
  const { files } = await scanned()
  return files.map(({ name, path: file, place, state }) => [place, name, path.basename(file), state])
}

describe('scan', () => {
  it('finds models in every place, the pilot first', async () => {
    await put(sample, home, '.lmstudio', 'models', 'org', 'repo', 'lm.gguf')
    await put(sample, home, 'Library', 'Caches', 'llama.cpp', 'cached.gguf')
    await put(
      sample,
      home,
      'Library',
      'Application Support',
      'Jan',
      'data',
      'llamacpp',
      'models',
      'j',
      'model.gguf',
    )
    await put(sample, home, 'Library', 'Application Support', 'nomic.ai', 'GPT4All', 'gpt.gguf')
    await put(sample, userFolder, 'models', 'own.gguf')
    await put(sample, dataFolder, 'pilot', 'pilot.gguf')
    const own = path.join(root, `folder-${count}`)
    await put(sample, own, 'deep', 'down', 'mine.GGUF')
    await library.addFolder(own)
    const { files, folders, updates } = await scanned()
    expect(files.map(({ path: file, place }) => [place, path.basename(file)])).toEqual([
      ['pilot', 'pilot.gguf'],
      ['inhouse', 'own.gguf'],
      ['folder', 'mine.GGUF'],
      ['lm-studio', 'lm.gguf'],
      ['llama.cpp', 'cached.gguf'],
      ['jan', 'model.gguf'],
      ['gpt4all', 'gpt.gguf'],
    ])
    expect(files[1]).toMatchObject({
      state: 'read',
      problem: null,
      shards: 1,
      header: { architecture: 'llama', quantizationId: 'Q4_K_M' },
      match: null,
    })
    expect(folders.map(({ fileCount, place, problem }) => [place, fileCount, problem])).toEqual(
      ['pilot', 'inhouse', 'folder', 'lm-studio', 'llama.cpp', 'jan', 'gpt4all'].map((place) => [
        place,
        1,
        null,
      ]),
    )
    // Names at once, headers later.
    expect(updates[0]).toMatchObject({
      files: [{ state: 'listed', header: null }],
      readCount: 0,
      foundCount: 1,
    })
    expect(updates.at(-1)).toMatchObject({ readCount: 7, foundCount: 7 })
  })

  it('follows the Hugging Face cache to its blobs, each once', async () => {
    const repository = path.join(home, '.cache', 'huggingface', 'hub', 'models--org--name')
    const blob = await put(sample, repository, 'blobs', 'abcdef')
    for (const revision of ['one', 'two']) {
      await mkdir(path.join(repository, 'snapshots', revision), { recursive: true })
      await symlink(blob, path.join(repository, 'snapshots', revision, 'Tune-Q4_K_M.gguf'))
    }
    expect(await listed()).toEqual([['hugging-face', 'Inhouse dry run', 'Tune-Q4_K_M.gguf', 'read']])
  })

  it('names models of Ollama by their tags', async () => {
    const folder = path.join(home, '.ollama', 'models')
    const digest = (letter: string) => letter.repeat(64)
    await put(sample, folder, 'blobs', `sha256-${digest('a')}`)
    await put(larger, folder, 'blobs', `sha256-${digest('b')}`)
    const layer = (mediaType: string, letter: string) => ({ mediaType, digest: `sha256:${digest(letter)}` })
    const manifests: readonly (readonly [string, unknown])[] = [
      [
        'registry.ollama.ai/library/smol/135m',
        {
          layers: [
            layer('application/vnd.ollama.image.model', 'a'),
            layer('application/vnd.ollama.image.adapter', 'b'),
            layer('application/vnd.ollama.image.license', 'c'),
          ],
        },
      ],
      ['hf.co/org/gone/Q4_K_M', { layers: [layer('application/vnd.ollama.image.model', 'd')] }],
      [
        'registry.ollama.ai/me/evil/latest',
        { layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: '../../../x' }] },
      ],
    ]
    for (const [name, manifest] of manifests) {
      const file = path.join(folder, 'manifests', ...name.split('/'))
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, JSON.stringify(manifest))
    }
    const { files, folders } = await scanned()
    expect(files.map(({ name, place }) => [place, name])).toEqual([
      ['ollama', 'smol:135m'],
      ['ollama', 'smol:135m (adapter)'],
    ])
    expect(folders).toEqual([
      { path: folder, place: 'ollama', fileCount: 2, problem: 'A manifest in it is damaged.' },
    ])
    expect((await library.find('smol:135m')).path).toBe(files[0]?.path)
  })

  it('takes shards as one, and says where one is missing', async () => {
    const folder = path.join(userFolder, 'models')
    await put(sample, folder, 'whole-00001-of-00002.gguf')
    await put(sample, folder, 'whole-00002-of-00002.gguf')
    await put(sample, folder, 'part-00002-of-00003.gguf')
    const { files } = await scanned()
    expect(files).toMatchObject([
      {
        state: 'broken',
        problem: expect.stringContaining('part 1 of 3, part-00001-of-00003.gguf, is missing'),
      },
      { state: 'read', shards: 2, fileBytes: 2 * (await stat(sample)).size },
    ])
  })

  it('keeps going through loops, dead links, damaged files and what it may not read', async () => {
    const folder = path.join(root, `odd-${count}`)
    await put(sample, folder, 'good.gguf')
    await link(path.join(folder, 'good.gguf'), path.join(folder, 'same.gguf'))
    await symlink(folder, path.join(folder, 'loop'))
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'dead.gguf'))
    await mkdir(path.join(folder, 'folder.gguf'))
    await writeFile(path.join(folder, 'broken.gguf'), 'GGUF, or so it says')
    await writeFile(path.join(folder, 'half.gguf.part'), 'GGUF')
    await library.addFolder(folder)
    const { files, folders } = await scanned()
    expect(files).toMatchObject([
      {
        state: 'broken',
        header: null,
        match: null,
        problem: expect.stringMatching(/^broken\.gguf cannot be used: .+ Choose another file/),
      },
      { state: 'read' },
    ])
    expect(folders).toMatchObject([{ place: 'folder', fileCount: 2, problem: null }])
    await rm(folder, { recursive: true })
    expect((await scanned()).folders).toMatchObject([{ place: 'folder', problem: 'It does not exist.' }])
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'tells what it may not read',
    async () => {
      const folder = path.join(root, `closed-${count}`)
      await put(sample, folder, 'inside', 'good.gguf')
      await library.addFolder(folder)
      await chmod(path.join(folder, 'inside'), 0)
      expect((await scanned()).folders).toMatchObject([{ problem: 'A folder in it cannot be read.' }])
      await chmod(path.join(folder, 'inside'), 0o700)
    },
  )

  it('reads a header once, again when the file changes, and shrugs at a damaged cache', async () => {
    const file = await put(sample, userFolder, 'models', 'own.gguf')
    await scanned()
    expect((await scanned()).updates).toMatchObject([{ files: [{ state: 'read' }], readCount: 1 }])
    await copyFile(larger, file)
    expect((await scanned()).files).toMatchObject([{ header: { quantizationId: 'Q8_0' } }])
    const cache = path.join(userFolder, 'library-headers.json')
    for (const damage of ['{', '[]', (await readFile(cache, 'utf8')).replace('"llama"', '12')]) {
      await writeFile(cache, damage)
      expect((await scanned()).files).toMatchObject([{ header: { architecture: 'llama' } }])
    }
  })

  it('stops when it is called off', async () => {
    await put(sample, userFolder, 'models', 'own.gguf')
    const controller = new AbortController()
    const stream = library.scan(controller.signal)
    await stream.next()
    controller.abort()
    await expect(stream.next()).rejects.toThrow(/abort/)
  })
})

describe('find', () => {
  it('takes a path, a file name, a shown name, a model', async () => {
    const file = await put(sample, userFolder, 'models', 'SmolLM2-135M-Instruct-Q4_K_M.gguf')
    await put(larger, userFolder, 'models', 'other.gguf')
    for (const name of [
      file,
      'SmolLM2-135M-Instruct-Q4_K_M',
      'smollm2-135m-instruct-q4_k_m.gguf',
      'Inhouse dry run Q4_K_M',
    ])
      expect((await library.find(name)).path).toBe(file)
    await expect(library.find(path.join(home, 'none.gguf'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(library.find('./none.gguf')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(library.find('nothing like it')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      nextStep: expect.stringContaining('inhouse library'),
    })
    await expect(library.find('Qwen/Qwen3-8B')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'No file of Qwen/Qwen3-8B is on this machine.',
      nextStep: 'Fetch one with: inhouse download Qwen/Qwen3-8B',
    })
  })

  it('takes the best that fits of several, and asks where it cannot know', async () => {
    await put(sample, userFolder, 'models', 'small.gguf')
    const best = await put(larger, userFolder, 'models', 'large.gguf')
    await expect(library.find('inhouse dry run')).rejects.toMatchObject({
      code: 'BAD_USAGE',
      message: expect.stringContaining('2 files are called "inhouse dry run"'),
    })
    await writeLastScan(userFolder, MACHINE)
    expect((await library.find('inhouse dry run')).path).toBe(best)
  })

  it('knows the catalogue model a file has the shape of', async () => {
    const file = path.join(userFolder, 'models', 'SmolLM2-135M-Instruct-Q4_K_M.gguf')
    await mkdir(path.dirname(file), { recursive: true })
    await link(await writeSample('Q4_K_M', 'whole'), file)
    // The written file calls itself something else, so only its shape tells.
    expect((await library.find(file)).match).toEqual({
      modelId: 'HuggingFaceTB/SmolLM2-135M-Instruct',
      matchedBy: 'shape',
    })
  })

  it('reads the pilot', async () => {
    await expect(library.pilot()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    const file = await put(sample, dataFolder, 'pilot', 'pilot.gguf')
    expect(await library.pilot()).toMatchObject({ path: file, place: 'pilot', state: 'read' })
    expect((await library.find('pilot')).path).toBe(file)
  })
})

describe('folders', () => {
  it('are added once and removed, and must exist', async () => {
    expect(await library.addFolder(home)).toEqual([home])
    expect(await library.addFolder(`${home}${path.sep}`)).toEqual([home])
    await expect(library.addFolder('somewhere')).rejects.toMatchObject({ code: 'BAD_USAGE' })
    await expect(library.addFolder(path.join(home, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(library.addFolder(sample)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    expect(await library.removeFolder(home)).toEqual([])
    const folders = ['a', 'b', 'c'].map((name) => path.join(home, name))
    for (const folder of folders) await mkdir(folder)
    await Promise.all(folders.map((folder) => library.addFolder(folder)))
    expect((await settingsFile(userFolder).read()).libraryFolders).toEqual(folders)
    await expect(library.removeFolder(home)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

async function imported(file: string, how: 'reference' | 'copy', signal?: AbortSignal) {
  const fractions: number[] = []
  const stream = library.importFile({ path: file, how }, signal)
  for (;;) {
    const step = await stream.next()
    if (step.done === true) return { file: step.value, fractions }
    fractions.push(step.value.fraction)
  }
}

describe('import and removal', () => {
  it('remembers a reference, forgets it, and leaves the file alone', async () => {
    const { file } = await imported(sample, 'reference')
    expect(file.path).toBe(sample)
    await Promise.all([imported(sample, 'reference'), imported(larger, 'reference')])
    await library.remove(larger)
    expect((await scanned()).files.map(({ path: found }) => found)).toEqual([sample])
    await library.remove(sample)
    expect((await scanned()).files).toEqual([])
    expect((await stat(sample)).isFile()).toBe(true)
    await expect(library.remove(sample)).rejects.toMatchObject({ code: 'BAD_USAGE' })
  })

  it('copies byte by byte, tells how far it is, and never overwrites', async () => {
    const { file, fractions } = await imported(larger, 'copy')
    expect(file).toMatchObject({
      path: path.join(library.ownFolder, path.basename(larger)),
      place: 'inhouse',
    })
    expect((await readFile(file.path)).equals(await readFile(larger))).toBe(true)
    expect(fractions.length).toBeGreaterThan(1)
    expect(fractions.at(-1)).toBe(1)
    await expect(imported(larger, 'copy')).rejects.toMatchObject({ code: 'BAD_USAGE' })
    expect(await readdir(library.ownFolder)).toEqual([path.basename(larger)])
    await library.remove(file.path)
    expect(await readdir(library.ownFolder)).toEqual([])
  })

  it('leaves nothing of a copy that is called off', async () => {
    const controller = new AbortController()
    const stream = library.importFile({ path: larger, how: 'copy' }, controller.signal)
    await stream.next()
    controller.abort()
    await expect(stream.next()).rejects.toThrow(/abort/)
    expect(await readdir(library.ownFolder)).toEqual([])
    const left = library.importFile({ path: larger, how: 'copy' })
    await left.next()
    await left.return(undefined as never)
    expect(await readdir(library.ownFolder)).toEqual([])
  })

  it('clears away what a killed copy left, and nothing of one that runs', async () => {
    await mkdir(library.ownFolder, { recursive: true })
    // The highest number Linux gives is 2^22.
    const left = '.import-4194999-0a1b.part'
    const running = `.import-${process.pid}-0a1b.part`
    for (const name of [left, running]) await writeFile(path.join(library.ownFolder, name), 'half')
    const { file } = await imported(sample, 'copy')
    expect(await readdir(library.ownFolder)).toEqual([running, path.basename(file.path)])
  })

  it('imports no file that is no model', async () => {
    const file = path.join(home, 'no.gguf')
    await writeFile(file, 'no model')
    await expect(imported(file, 'copy')).rejects.toMatchObject({ code: 'FILE_INVALID' })
    await expect(imported(file, 'reference')).rejects.toMatchObject({ code: 'FILE_INVALID' })
    await expect(imported('no.gguf', 'copy')).rejects.toMatchObject({ code: 'BAD_USAGE' })
  })

  it('copies and deletes all shards, and the folders they leave empty', async () => {
    const from = path.join(home, 'shards')
    await put(sample, from, 'm-00001-of-00002.gguf')
    await put(sample, from, 'm-00002-of-00002.gguf')
    const { file } = await imported(path.join(from, 'm-00002-of-00002.gguf'), 'copy')
    expect(file.shards).toBe(2)
    expect((await readdir(library.ownFolder)).length).toBe(2)
    await library.remove(file.path)
    expect(await readdir(library.ownFolder)).toEqual([])
    const deep = await put(sample, library.ownFolder, 'org', 'repo', 'deep.gguf')
    await library.remove(deep)
    expect(await readdir(library.ownFolder)).toEqual([])
  })

  it('deletes nothing outside its own folder, however it is named', async () => {
    await put(sample, library.ownFolder, 'own.gguf')
    const outside = await put(sample, home, 'outside', 'out.gguf')
    await symlink(path.dirname(outside), path.join(library.ownFolder, 'link'))
    for (const name of [
      outside,
      path.join(library.ownFolder, '..', '..', path.relative(root, outside)),
      `${library.ownFolder}${path.sep}link${path.sep}out.gguf`,
      path.join(userFolder, 'settings.json'),
      library.ownFolder,
    ])
      await expect(library.remove(name)).rejects.toMatchObject({ code: 'BAD_USAGE' })
    expect((await stat(outside)).isFile()).toBe(true)
  })
})
