import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InhouseClient } from '#contract/client.ts'
import type { Settings, SettingsChange } from '#contract/settings.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import { createNeedsStore } from './needs-store.ts'
import { rememberSettings } from './remembered-settings.ts'
import { createThemeStore } from './theme-store.ts'
import { createWhatIfStore } from './what-if-store.ts'

const LAST_TIME: Settings = {
  needs: { ...DEFAULT_NEEDS, users: 4 },
  whatIf: null,
  theme: 'dark',
  speedOfferDismissed: false,
  libraryFolders: [],
  downloads: { mirror: null, proxy: null },
  endpoints: [],
}

function start(keepCurrent = false) {
  let answer: (settings: Settings) => void = () => undefined
  const written: SettingsChange[] = []
  const client = {
    settings: {
      get: () => new Promise<Settings>((resolve) => (answer = resolve)),
      set: (change: SettingsChange) => {
        written.push(change)
        return Promise.resolve(LAST_TIME)
      },
    },
  } as unknown as InhouseClient
  const stores = { needs: createNeedsStore(), whatIf: createWhatIfStore(), theme: createThemeStore() }
  const done = rememberSettings({ client, ...stores, keepCurrent })
  return {
    ...stores,
    written,
    settled: async () => {
      answer(LAST_TIME)
      await done
      await vi.advanceTimersByTimeAsync(1000)
    },
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what is remembered', () => {
  it('is restored, and not written back', async () => {
    const { needs, theme, written, settled } = start()
    await settled()
    expect(needs.getState().needs.users).toBe(4)
    expect(theme.getState().theme).toBe('dark')
    expect(written).toEqual([])
  })

  it('does not undo what the user set before the backend answered', async () => {
    const { needs, theme, written, settled } = start()
    needs.getState().change({ useCase: 'code' })
    await settled()
    expect(needs.getState().needs).toEqual({ ...DEFAULT_NEEDS, useCase: 'code' })
    expect(theme.getState().theme).toBe('dark')
    expect(written).toEqual([{ needs: { ...DEFAULT_NEEDS, useCase: 'code' }, whatIf: null, theme: 'dark' }])
  })

  it('gives way to what an address says', async () => {
    const { needs, settled } = start(true)
    await settled()
    expect(needs.getState().needs).toEqual(DEFAULT_NEEDS)
  })

  it('is written once for many changes in a row', async () => {
    const { needs, written, settled } = start()
    await settled()
    for (const users of [5, 6, 7]) needs.getState().change({ users })
    await vi.advanceTimersByTimeAsync(1000)
    expect(written.map((change) => change.needs?.users)).toEqual([7])
  })
})
