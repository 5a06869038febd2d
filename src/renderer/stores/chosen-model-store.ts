import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Adapter, OpenWish, Target } from '#contract/chatting.ts'

/** What the smoke test page talks to, and how it is loaded. */
export interface ChosenModel {
  readonly target: Target
  /** A second one that is asked the same; null: none. */
  readonly other: Target | null
  /** Null: chosen from what the model allows and the memory holds. */
  readonly contextTokens: number | null
  readonly gpuLayers: number | 'auto'
  readonly adapters: readonly Adapter[]
}

export type ChosenModelStore = StoreApi<ChosenModel>

/** The pilot, until somebody chooses: it is there on every machine. */
export function createChosenModelStore(): ChosenModelStore {
  return createStore<ChosenModel>(() => ({
    target: { kind: 'pilot' },
    other: null,
    contextTokens: null,
    gpuLayers: 'auto',
    adapters: [],
  }))
}

/** How a target is opened; adapters belong to the model they were chosen for. */
export function openWishOf(chosen: ChosenModel, target: Target, force: boolean): OpenWish {
  const { contextTokens, gpuLayers } = chosen
  const adapters = sameTarget(target, chosen.target) ? chosen.adapters : []
  return { target, contextTokens, gpuLayers, adapters, force }
}

/** One key of a target, for lists and comparisons. */
export function targetKey(target: Target): string {
  switch (target.kind) {
    case 'pilot':
      return 'pilot'
    case 'file':
      return `file:${target.path}`
    case 'endpoint':
      return `endpoint:${target.endpointId}:${target.model}`
  }
}

function sameTarget(one: Target, other: Target): boolean {
  return targetKey(one) === targetKey(other)
}
