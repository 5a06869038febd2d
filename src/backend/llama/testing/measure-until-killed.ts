import { createMeasuring } from '#backend/llama/measuring.ts'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { testRequest } from '#backend/llama/testing/test-request.ts'

/** A host that measures and says each stage, until a test kills it. */
const folders = appFolders()
const catalogue = await loadCatalogue({ dataFolder: folders.dataFolder, userFolder: null })
const request = testRequest(catalogue, 'HuggingFaceTB/SmolLM2-360M-Instruct')
const job = { request, catalogue, method: 'full', streams: [], force: false } as const
for await (const { stage } of createMeasuring(folders).run(job)) process.stdout.write(`${stage}\n`)
