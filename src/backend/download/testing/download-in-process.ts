import { createDownloads } from '#backend/download/downloads.ts'
import { QUICK_LIMITS } from '#backend/download/testing/download-bench.ts'
import { DEFAULT_SETTINGS } from '#contract/settings.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** Another process that downloads, to be killed in the middle: user folder, hub, file. */
const [userFolder = '', mirror = '', file = ''] = process.argv.slice(2)

/** Of the catalogue a listing looks at these; loading it all would take longer than the test. */
const catalogue: Pick<Catalogue, 'models' | 'licenses' | 'quantizations'> = {
  models: [],
  licenses: [],
  quantizations: [],
}

const downloads = createDownloads({
  folders: { userFolder },
  settings: { read: () => Promise.resolve({ ...DEFAULT_SETTINGS, downloads: { mirror, proxy: null } }) },
  token: () => Promise.resolve(null),
  catalogue: () => Promise.resolve(catalogue as Catalogue),
  environment: {},
  // A server that says nothing more must not end it before it is killed.
  limits: { ...QUICK_LIMITS, stallSeconds: 60 },
})
const wish = { repository: 'org/repo', revision: null, file, acceptLicense: true }
for await (const { doneBytes } of downloads.run(wish)) process.stdout.write(`${doneBytes}\n`)
