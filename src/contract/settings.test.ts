import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS, settingsChangeSchema, settingsSchema } from '#contract/settings.ts'

it('takes its own defaults', () => {
  expect(settingsSchema.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS)
  expect(settingsChangeSchema.parse({})).toEqual({})
})

it.each([
  { needs: { ...DEFAULT_SETTINGS.needs, contextTokens: 1e12 } },
  { needs: { ...DEFAULT_SETTINGS.needs, users: 1.5 } },
  { needs: { ...DEFAULT_SETTINGS.needs, minTokensPerSecond: -1 } },
  { needs: { ...DEFAULT_SETTINGS.needs, maxFileBytes: -5 } },
  { theme: 'neon' },
  { whatIf: { gpus: ['x'.repeat(300)], vramBytes: null, ramBytes: null, cpuCores: null, backend: null } },
])('refuses nonsense: %j', (change) => {
  expect(settingsChangeSchema.safeParse(change).success).toBe(false)
})
