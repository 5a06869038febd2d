import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { connectClient } from './api/connect-client.ts'
import { App } from './app/app.tsx'
import { createStores } from './app/stores.ts'
import { startStores } from './app/start-stores.ts'
import { createI18n } from './strings/i18n.ts'

const stores = createStores(connectClient())
const remembered = startStores(stores)

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with id "root"')
// What was remembered arrives within milliseconds: waiting for it spares a flash of the other theme and of another
// verdict. A backend that takes longer is not waited for.
const LONGEST_WAIT_MILLISECONDS = 200
const waited = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MILLISECONDS))
void Promise.race([remembered, waited]).then(() =>
  createRoot(root).render(<App stores={stores} i18n={createI18n()} />),
)
