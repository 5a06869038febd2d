import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Settings } from '#contract/settings.ts'

export type Theme = Settings['theme']

export interface ThemeState {
  /** `auto` follows the system's own light or dark. */
  readonly theme: Theme
  /** Says nothing to anybody where it changes nothing: the component library answers every change with one. */
  readonly choose: (theme: Theme) => void
}

export type ThemeStore = StoreApi<ThemeState>

/** Light or dark, as chosen once for every face of this machine. */
export function createThemeStore(initial: Theme = 'auto'): ThemeStore {
  return createStore((set) => ({
    theme: initial,
    choose: (theme) => set((state) => (state.theme === theme ? state : { theme })),
  }))
}
