import { describe, expect, it } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import { DEFAULT_SETTINGS, type SettingsChange } from '#contract/settings.ts'
import { createSpeedOfferStore } from './speed-offer-store.ts'

function start() {
  const written: SettingsChange[] = []
  const settings = {
    get: () => Promise.resolve({ ...DEFAULT_SETTINGS, speedOfferDismissed: true }),
    set: (change: SettingsChange) => {
      written.push(change)
      return Promise.resolve(DEFAULT_SETTINGS)
    },
  }
  return { written, store: createSpeedOfferStore({ settings } as unknown as InhouseClient) }
}

describe('the offer to measure the machine', () => {
  it('waits for what was remembered, and writes nothing back', async () => {
    const { store, written } = start()
    expect(store.getState().dismissed).toBeNull()
    await store.load()
    expect(store.getState().dismissed).toBe(true)
    expect(written).toEqual([])
  })

  it('remembers what the user does, and does not let an older answer undo it', async () => {
    const { store, written } = start()
    store.offer()
    await store.load()
    expect(store.getState().dismissed).toBe(false)
    store.dismiss()
    expect(written).toEqual([{ speedOfferDismissed: false }, { speedOfferDismissed: true }])
  })
})
