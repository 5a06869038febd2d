import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMeasurementStore } from '#backend/store/measurement-store.ts'
import { sampleMeasurement } from '../../../test/measurement-samples.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'inhouse-shared-'))))
afterEach(async () => {
  await chmod(folder, 0o755)
  await rm(folder, { recursive: true })
})

const SOURCE = pathToFileURL(path.join(import.meta.dirname, 'measurement-store.ts')).href
const SAMPLES = pathToFileURL(
  path.join(import.meta.dirname, '..', '..', '..', 'test', 'measurement-samples.ts'),
).href

/** Runs a script with the store of a folder in a process of its own; what it printed, whatever the way it ended. */
function inProcess(script: string, user?: number): Promise<string> {
  const text = `
    import { openMeasurementStore } from '${SOURCE}'
    import { sampleMeasurement } from '${SAMPLES}'
    const store = openMeasurementStore(${JSON.stringify(folder)})
    ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve(printed))
  })
}

it('loses nothing when several processes start a file at once and write to it', async () => {
  const names = ['a', 'b', 'c', 'd']
  const printed = await Promise.all(
    names.map((name) =>
      inProcess(`
        for (let index = 0; index < 15; index++) await store.add(sampleMeasurement(\`run-${name}-\${1000 + index}\`))
        store.close()`),
    ),
  )
  expect(printed).toEqual(['', '', '', ''])
  const store = openMeasurementStore(folder)
  expect((await store.list()).runs).toHaveLength(60)
  store.close()
  expect(await readdir(folder)).toEqual(['measurements.sqlite'])
})

it('keeps what was written by a process that was killed, and goes on', async () => {
  await inProcess(`
    await store.add(sampleMeasurement('run-killed-1'))
    process.kill(process.pid, 'SIGKILL')`)
  const store = openMeasurementStore(folder)
  expect((await store.list()).runs.map(({ id }) => id)).toEqual(['run-killed-1'])
  await store.add(sampleMeasurement('run-killed-2'))
  expect((await store.list()).runs).toHaveLength(2)
  store.close()
})

// Permissions do not hold for root, and Windows has others: there the process takes another user, or there is no test.
const isRoot = process.getuid?.() === 0
it.skipIf(process.platform === 'win32')(
  'reads in a folder that cannot be written to, and says so when asked to keep',
  async () => {
    const store = openMeasurementStore(folder)
    await store.add(sampleMeasurement('run-kept-0001'))
    store.close()
    await chmod(path.join(folder, 'measurements.sqlite'), 0o444)
    await chmod(folder, 0o555)
    const printed = await inProcess(
      `
    console.log((await store.list()).runs.length)
    await store.add(sampleMeasurement('run-lost-0001')).catch(({ code, message }) => console.log(code, message))
    console.log((await store.list()).runs.length)`,
      isRoot ? 65_534 : undefined,
    )
    expect(printed).toMatch(/^1\nSTORE_UNWRITABLE .*measurements\.sqlite cannot be written.*\n1\n$/)
  },
)
