import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { i18n as I18n } from 'i18next'
import { lazy, Suspense, useMemo } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Route, Switch, useLocation } from 'wouter'
import { ErrorBoundary } from '../components/error-boundary/error-boundary.tsx'
import { PageLoading } from '../components/page-loading/page-loading.tsx'
import { Frame } from '../frame/frame.tsx'
import { MachinePage } from '../pages/machine/machine-page.tsx'
import { NotFoundPage } from '../pages/not-found/not-found-page.tsx'
import { VerdictPage } from '../pages/verdict/verdict-page.tsx'
import { colorSchemeManager } from '../theme/color-scheme-manager.ts'
import { styleNonce } from '../theme/style-nonce.ts'
import { cssVariablesResolver, theme } from '../theme/theme.ts'
import {
  LIBRARY_PATH,
  MACHINE_PATH,
  MODEL_PATTERN,
  MODELS_PATH,
  modelIdOf,
  SMOKE_PATH,
  VERDICT_PATH,
} from './routes.ts'
import type { Stores } from './stores.ts'
import { StoresContext } from './use-stores.ts'

/** Pages with charts and long tables are fetched when somebody goes there: the verdict does not wait for them. */
const ModelsPage = lazy(async () => ({
  default: (await import('../pages/models/models-page.tsx')).ModelsPage,
}))
const LibraryPage = lazy(async () => ({
  default: (await import('../pages/library/library-page.tsx')).LibraryPage,
}))
const ModelPage = lazy(async () => ({ default: (await import('../pages/model/model-page.tsx')).ModelPage }))

const SmokePage = lazy(async () => ({ default: (await import('../pages/smoke/smoke-page.tsx')).SmokePage }))

/** The whole interface for one set of stores. */
export function App({ stores, i18n }: { readonly stores: Stores; readonly i18n: I18n }) {
  const schemes = useMemo(() => colorSchemeManager(stores.theme), [stores])
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        getStyleNonce={styleNonce}
        colorSchemeManager={schemes}
        defaultColorScheme="auto"
      >
        <StoresContext.Provider value={stores}>
          <Notifications position="bottom-center" />
          <ErrorBoundary>
            <Frame>
              <Pages />
            </Frame>
          </ErrorBoundary>
        </StoresContext.Provider>
      </MantineProvider>
    </I18nextProvider>
  )
}

/** The page of the address; one that breaks leaves the frame standing, and another address gets a new chance. */
function Pages() {
  const [path] = useLocation()
  return (
    <ErrorBoundary key={path}>
      <Suspense fallback={<PageLoading />}>
        <Switch>
          <Route path={VERDICT_PATH}>
            <VerdictPage />
          </Route>
          <Route path={MACHINE_PATH}>
            <MachinePage />
          </Route>
          <Route path={MODELS_PATH}>
            <ModelsPage />
          </Route>
          <Route path={MODEL_PATTERN}>
            {(parameters) => <ModelPage modelId={modelIdOf(parameters['*'])} />}
          </Route>
          <Route path={LIBRARY_PATH}>
            <LibraryPage />
          </Route>
          <Route path={SMOKE_PATH}>
            <SmokePage />
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}
