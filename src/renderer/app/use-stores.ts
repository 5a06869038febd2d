import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { AppInfo } from '#contract/answers.ts'
import type { Needs } from '#core/advise/needs.ts'
import type { WhatIf } from '#core/machine/what-if.ts'
import type { Measurements } from '#core/measure/measurement.ts'
import type { CatalogueState } from '../stores/catalogue-store.ts'
import type { MachineState } from '../stores/machine-store.ts'
import type { DownloadsState } from '../stores/downloads-store.ts'
import type { LibraryState } from '../stores/library-store.ts'
import type { MeasuringState } from '../stores/measuring-store.ts'
import type { Stores } from './stores.ts'

export const StoresContext = createContext<Stores | null>(null)

/** The app's stores; the hooks below pick what a component needs of them. */
export function useStores(): Stores {
  const stores = useContext(StoresContext)
  if (stores === null) throw new Error('components of the app render inside StoresContext')
  return stores
}

export function useNeeds(): Needs {
  return useStore(useStores().needs, (state) => state.needs)
}

export function useCatalogueState(): CatalogueState {
  return useStore(useStores().catalogue)
}

/** A part of the machine's state: `useMachineState((state) => state.scan)`. */
export function useMachineState<T>(pick: (state: MachineState) => T): T {
  return useStore(useStores().machine, pick)
}

/** Versions and folders of the running app; null until it answered. */
export function useAppInfo(): AppInfo | null {
  return useStore(useStores().appInfo, (state) => state.info)
}

/** The "as if" hardware; null for the machine as scanned. */
export function useWhatIf(): WhatIf | null {
  return useStore(useStores().whatIf, (state) => state.whatIf)
}

/** Everything measured; null until it is known. */
export function useMeasurements(): Measurements | null {
  return useStore(useStores().measurements, (state) => state.measurements)
}

/** A part of the dry run under way, or of how the last one ended. */
export function useMeasuring<T>(pick: (state: MeasuringState) => T): T {
  return useStore(useStores().measuring, pick)
}

/** A part of what is known of the models on this machine. */
export function useLibrary<T>(pick: (state: LibraryState) => T): T {
  return useStore(useStores().library, pick)
}

/** A part of what is fetched. */
export function useDownloads<T>(pick: (state: DownloadsState) => T): T {
  return useStore(useStores().downloads, pick)
}
