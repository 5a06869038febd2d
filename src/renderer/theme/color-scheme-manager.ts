import type { MantineColorSchemeManager } from '@mantine/core'
import type { ThemeStore } from '../stores/theme-store.ts'

/**
 * Lets the component library keep the theme in our store. The browser's own storage would forget it: the page may come
 * from another port at the next start.
 */
export function colorSchemeManager(store: ThemeStore): MantineColorSchemeManager {
  let stop: () => void = () => undefined
  return {
    get: () => store.getState().theme,
    set: (theme) => store.getState().choose(theme),
    subscribe: (update) => {
      stop = store.subscribe(({ theme }) => update(theme))
    },
    unsubscribe: () => stop(),
    clear: () => store.getState().choose('auto'),
  }
}
