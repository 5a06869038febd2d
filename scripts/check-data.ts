/** Part of the build: what ships in `data/` must pass every schema and cross reference before it is packed. */
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

try {
  const { dataFolder } = appFolders()
  const { models, accelerators, quantizations, licenses } = await loadCatalogue({
    dataFolder,
    userFolder: null,
  })
  const counts = { models, accelerators, quantizations, licenses }
  const words = Object.entries(counts).map(([name, records]) => `${records.length} ${name}`)
  console.log(`data: ${words.join(', ')}`)
} catch (error) {
  if (!(error instanceof InhouseError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
