import { describe, expect, it } from 'vitest'
import { gibibytesToBytes } from '#core/units/units.ts'
import { applyHint } from './apply-hint.ts'
import { createNeedsStore } from './needs-store.ts'
import { createWhatIfStore } from './what-if-store.ts'

const eight = gibibytesToBytes(8)

function freshStores() {
  return { needs: createNeedsStore(), whatIf: createWhatIfStore() }
}

describe('applying what would change the answer', () => {
  it('changes only the needs it names', () => {
    const stores = freshStores()
    applyHint({ text: '4k', needs: { contextTokens: 4096 } }, stores)
    expect(stores.needs.getState().needs).toMatchObject({ contextTokens: 4096, users: 1 })
    expect(stores.whatIf.getState().whatIf).toBeNull()
  })

  it('keeps the hardware already asked for, and adds up', () => {
    const asked = { gpus: ['RTX 4090'], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }
    const stores = { needs: createNeedsStore(), whatIf: createWhatIfStore(asked) }
    applyHint({ text: '8 GiB more', addMemoryBytes: eight }, stores)
    applyHint({ text: '8 GiB more', addMemoryBytes: eight }, stores)
    expect(stores.whatIf.getState().whatIf).toEqual({ ...asked, addedBytes: gibibytesToBytes(16) })
  })
})
