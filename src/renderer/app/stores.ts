import type { InhouseClient } from '#contract/client.ts'
import { createAppInfoStore, type AppInfoStore } from '../stores/app-info-store.ts'
import { createCatalogueStore, type CatalogueStore } from '../stores/catalogue-store.ts'
import { createMachineStore, type MachineStore } from '../stores/machine-store.ts'
import { createNeedsStore, type NeedsStore } from '../stores/needs-store.ts'
import { createThemeStore, type ThemeStore } from '../stores/theme-store.ts'
import { createWhatIfStore, type WhatIfStore } from '../stores/what-if-store.ts'

/** Every store of the app, made once for one client. */
export interface Stores {
  readonly client: InhouseClient
  readonly machine: MachineStore
  readonly needs: NeedsStore
  readonly whatIf: WhatIfStore
  readonly theme: ThemeStore
  readonly catalogue: CatalogueStore
  readonly appInfo: AppInfoStore
}

export function createStores(client: InhouseClient): Stores {
  return {
    client,
    machine: createMachineStore(client),
    needs: createNeedsStore(),
    whatIf: createWhatIfStore(),
    theme: createThemeStore(),
    catalogue: createCatalogueStore(client),
    appInfo: createAppInfoStore(client),
  }
}
