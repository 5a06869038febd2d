import type { IpcMain, MessagePortMain } from 'electron'
import { describe, expect, it } from 'vitest'
import { isOurPage, receivePort, type Sender } from './receive-port.ts'

const ours: Sender = { origin: 'app://inhouse', parent: null }

/** What becomes of ports that a sender hands over: accepted, or closed. */
function handedOver(
  sender: Sender | null,
  count: number,
): { accepted: number; closed: number; channel: string } {
  const result = { accepted: 0, closed: 0, channel: '' }
  const ports = Array.from(
    { length: count },
    () => ({ close: () => void result.closed++ }) as MessagePortMain,
  )
  const ipcMain = {
    on: (channel: string, listener: (event: unknown) => void) => {
      result.channel = channel
      listener({ senderFrame: sender, ports })
    },
  } as unknown as IpcMain
  receivePort(ipcMain, () => void result.accepted++)
  return result
}

describe('receivePort', () => {
  it('accepts one port of our page on the one channel', () => {
    expect(handedOver(ours, 1)).toEqual({ accepted: 1, closed: 0, channel: 'inhouse:port' })
  })

  it.each<[string, Sender | null]>([
    ['a frame that is gone', null],
    ['an embedded frame', { ...ours, parent: ours }],
    ['another origin', { ...ours, origin: 'https://evil.example' }],
    ['a file', { ...ours, origin: 'file://' }],
    ['a look-alike', { ...ours, origin: 'app://inhouse.evil' }],
  ])('closes the port of %s', (_name, sender) => {
    expect(isOurPage(sender)).toBe(false)
    expect(handedOver(sender, 1)).toMatchObject({ accepted: 0, closed: 1 })
  })

  it('accepts neither no port nor several', () => {
    expect(handedOver(ours, 0)).toMatchObject({ accepted: 0, closed: 0 })
    expect(handedOver(ours, 2)).toMatchObject({ accepted: 0, closed: 2 })
  })
})
