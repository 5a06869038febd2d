import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepLink, linkSaysNeeds, readLink } from './link-sync.ts'
import { createNeedsStore } from './needs-store.ts'
import { createWhatIfStore } from './what-if-store.ts'

const RTX = { gpus: ['2x RTX 3090'], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }

let stop: () => void = () => undefined
beforeEach(() => {
  vi.useFakeTimers()
  window.history.replaceState(null, '', '/models?sort=speed')
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

describe('the address', () => {
  it('follows needs and hardware, and leaves the page’s own part alone', () => {
    const needs = createNeedsStore()
    const whatIf = createWhatIfStore()
    stop = keepLink(needs, whatIf)
    expect(window.location.search).toBe('?sort=speed')
    needs.getState().change({ users: 4 })
    whatIf.getState().choose(RTX)
    vi.runAllTimers()
    const query = new URLSearchParams(window.location.search)
    expect(Object.fromEntries(query)).toEqual({ sort: 'speed', needs: 'users:4', 'as-if': '2x RTX 3090' })
    needs.getState().reset()
    whatIf.getState().choose(null)
    vi.runAllTimers()
    expect(window.location.search).toBe('?sort=speed')
  })

  it('is written once for a slider that moves', () => {
    const needs = createNeedsStore()
    stop = keepLink(needs, createWhatIfStore())
    const written = vi.spyOn(window.history, 'replaceState')
    for (const users of [2, 3, 4, 8]) needs.getState().change({ users })
    vi.runAllTimers()
    expect(written).toHaveBeenCalledTimes(1)
    expect(window.location.search).toBe('?sort=speed&needs=users%3A8')
    written.mockRestore()
  })

  it('says the same again after a step back', () => {
    const needs = createNeedsStore()
    stop = keepLink(needs, createWhatIfStore())
    needs.getState().change({ users: 4 })
    window.history.replaceState(null, '', '/machine')
    window.dispatchEvent(new PopStateEvent('popstate'))
    expect(window.location.search).toBe('?needs=users%3A4')
  })

  it('a colleague sent sets needs and hardware', () => {
    const needs = createNeedsStore()
    const whatIf = createWhatIfStore()
    const search = '?needs=users:4&as-if=2x+RTX+3090'
    expect(linkSaysNeeds(search)).toBe(true)
    expect(linkSaysNeeds('?sort=speed')).toBe(false)
    readLink(search, needs, whatIf)
    expect(needs.getState().needs.users).toBe(4)
    expect(whatIf.getState().whatIf).toEqual(RTX)
  })
})
