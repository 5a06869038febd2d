import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { RPCHandler } from '@orpc/server/message-port'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBackend, type Backend } from '#backend/api/backend.ts'
import { createRouter } from '#backend/api/router.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { createDesktopClient, isDefinedError, safe, type InhouseClient } from '#contract/client.ts'
import { DESKTOP_PORT_MESSAGE } from '#contract/desktop-port.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { DEFAULT_SETTINGS, type SettingsChange } from '#contract/settings.ts'
import type { Machine } from '#core/machine/machine.ts'

const machine = { warnings: [], scannedAt: '2026-11-23T10:00:00.000Z' } as unknown as Machine
const changes: SettingsChange[] = []

const folders = appFolders({ INHOUSE_DATA_DIR: join(tmpdir(), 'inhouse-router-test') })
const backend: Backend = {
  ...createBackend({ host: 'desktop', folders, version: 'test' }),
  info: () => Promise.reject(new TypeError('x is not a function')),
  async *scan() {
    yield { machine, pendingTools: ['nvidia-smi'] }
    return { machine, seconds: 0.4 }
  },
  lastScan: async () => machine,
  async *watchFreeMemory() {
    yield* []
    throw new InhouseError({ code: 'NOT_SCANNED', message: 'Not scanned.', nextStep: 'Scan.' })
  },
  doctor: () => Promise.reject(new InhouseError({ code: 'PORT_IN_USE', message: 'Odd.', nextStep: 'Look.' })),
  catalogue: () =>
    Promise.reject(new InhouseError({ code: 'CATALOGUE_CORRUPT', message: 'Bad.', nextStep: 'Mend.' })),
  settings: async () => DEFAULT_SETTINGS,
  async changeSettings(change) {
    changes.push(change)
    return DEFAULT_SETTINGS
  },
  close: () => undefined,
}

let client: InhouseClient
let ports: MessagePort[]

/** The desktop's way: the page posts a port to its own window, the host answers on it. */
beforeEach(() => {
  const channel = new MessageChannel()
  ports = [channel.port1, channel.port2]
  const window = {
    location: { origin: 'app://inhouse' },
    postMessage(message: unknown, origin: string, [port]: MessagePort[]) {
      expect([message, origin]).toEqual([DESKTOP_PORT_MESSAGE, 'app://inhouse'])
      if (port === undefined) throw new Error('no port')
      new RPCHandler(createRouter(backend)).upgrade(port, { context: {} })
    },
  }
  client = createDesktopClient(window, channel)
})
afterEach(() => {
  for (const port of ports) port.close()
})

describe('the contract over a message port', () => {
  it('streams a scan and returns its result', async () => {
    const scan = await client.machine.scan()
    expect(await scan.next()).toEqual({ done: false, value: { machine, pendingTools: ['nvidia-smi'] } })
    expect(await scan.next()).toEqual({ done: true, value: { machine, seconds: 0.4 } })
  })

  it('answers what is asked', async () => {
    expect(await client.machine.last()).toEqual(machine)
    expect(await client.settings.get()).toEqual(DEFAULT_SETTINGS)
  })

  it('lets only known settings through', async () => {
    await client.settings.set({ theme: 'dark' })
    const wrong = { theme: 'dark', needs: { ...DEFAULT_SETTINGS.needs, users: 0 } } as SettingsChange
    await expect(client.settings.set(wrong)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(changes).toEqual([{ theme: 'dark' }])
  })

  it('declares its failures, from calls and from streams', async () => {
    const { error } = await safe(client.catalogue.get())
    expect(isDefinedError(error) && [error.code, error.message, error.data.nextStep]).toEqual([
      'CATALOGUE_CORRUPT',
      'Bad.',
      'Mend.',
    ])
    const stream = await client.machine.watchFreeMemory()
    await expect(stream.next()).rejects.toMatchObject({
      code: 'NOT_SCANNED',
      defined: true,
      data: { nextStep: 'Scan.' },
    })
  })

  it('says of an undeclared code what happened, and of a defect nothing that a page could show', async () => {
    await expect(client.machine.doctor()).rejects.toMatchObject({
      code: 'UNEXPECTED',
      defined: true,
      message: 'Odd.',
    })
    await expect(client.app.info()).rejects.toMatchObject({
      code: 'UNEXPECTED',
      message: 'Inhouse met a fault of its own.',
      data: { nextStep: expect.stringContaining('inhouse doctor') },
    })
  })
})
