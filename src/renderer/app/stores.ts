import type { InhouseClient } from '#contract/client.ts'
import { uploadFile } from '../api/upload-file.ts'
import { createAddingStore, type AddingStore } from '../stores/adding-store.ts'
import { createAppInfoStore, type AppInfoStore } from '../stores/app-info-store.ts'
import { createChatStore, type ChatStore } from '../stores/chat-store.ts'
import { createChosenModelStore, type ChosenModelStore } from '../stores/chosen-model-store.ts'
import { createConversationsStore, type ConversationsStore } from '../stores/conversations-store.ts'
import { createEndpointsStore, type EndpointsStore } from '../stores/endpoints-store.ts'
import { createSessionStore, type SessionStore } from '../stores/session-store.ts'
import { createSmokeStore, type SmokeStore } from '../stores/smoke-store.ts'
import { createCatalogueStore, type CatalogueStore } from '../stores/catalogue-store.ts'
import { createDownloadsStore, type DownloadsStore } from '../stores/downloads-store.ts'
import { createLibraryStore, type LibraryStore } from '../stores/library-store.ts'
import { createMachineStore, type MachineStore } from '../stores/machine-store.ts'
import { createMachineSpeedStore, type MachineSpeedStore } from '../stores/machine-speed-store.ts'
import { createMeasurementsStore, type MeasurementsStore } from '../stores/measurements-store.ts'
import { createMeasuringStore, type MeasuringStore } from '../stores/measuring-store.ts'
import { createNeedsStore, type NeedsStore } from '../stores/needs-store.ts'
import { createSimulationsStore, type SimulationsStore } from '../stores/simulations-store.ts'
import { createSpeedOfferStore, type SpeedOfferStore } from '../stores/speed-offer-store.ts'
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
  readonly simulations: SimulationsStore
  readonly measurements: MeasurementsStore
  readonly measuring: MeasuringStore
  readonly machineSpeed: MachineSpeedStore
  readonly speedOffer: SpeedOfferStore
  readonly library: LibraryStore
  readonly adding: AddingStore
  readonly downloads: DownloadsStore
  readonly chosenModel: ChosenModelStore
  readonly session: SessionStore
  readonly chat: ChatStore
  /** The second model and what it says, where one is asked the same. */
  readonly otherSession: SessionStore
  readonly otherChat: ChatStore
  readonly conversations: ConversationsStore
  readonly smoke: SmokeStore
  readonly endpoints: EndpointsStore
}

export function createStores(client: InhouseClient): Stores {
  const measurements = createMeasurementsStore(client)
  const library = createLibraryStore(client)
  const onKept = () => void measurements.load()
  const conversations = createConversationsStore(client)
  const session = createSessionStore(client)
  const otherSession = createSessionStore(client)
  const clock = { now: () => new Date(), newId: () => crypto.randomUUID() }
  return {
    client,
    machine: createMachineStore(client),
    needs: createNeedsStore(),
    whatIf: createWhatIfStore(),
    theme: createThemeStore(),
    catalogue: createCatalogueStore(client),
    appInfo: createAppInfoStore(client),
    simulations: createSimulationsStore(client),
    measurements,
    measuring: createMeasuringStore(client, onKept),
    machineSpeed: createMachineSpeedStore(client, onKept),
    speedOffer: createSpeedOfferStore(client),
    library,
    adding: createAddingStore(library, uploadFile),
    downloads: createDownloadsStore(client, { onDone: () => void library.scanAgain() }),
    chosenModel: createChosenModelStore(),
    session,
    chat: createChatStore({
      client,
      session,
      onChanged: (conversation) => void conversations.keep(conversation),
      ...clock,
    }),
    otherSession,
    // The conversation with the first is what is kept; the second only answers beside it.
    otherChat: createChatStore({ client, session: otherSession, onChanged: () => undefined, ...clock }),
    conversations,
    smoke: createSmokeStore(client, onKept),
    endpoints: createEndpointsStore(client),
  }
}
