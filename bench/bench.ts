/**
 * `npm run bench [name …]`: every number the project stands on, measured here. Machines are noisy: compare ratios
 * within one run, never times across machines.
 */
import { cpus, totalmem } from 'node:os'

const benches: Readonly<Record<string, () => Promise<void>>> = {
  ranking: async () => (await import('./ranking.ts')).runRankingBench(),
  'file-size': async () => (await import('./file-size.ts')).runFileSizeBench(),
  allocator: async () => (await import('./allocator/allocator.ts')).runAllocatorBench(),
  'speed-error': async () => (await import('./speed-error.ts')).runSpeedErrorBench(),
  'dry-run': async () => (await import('./dry-run.ts')).runDryRunBench(),
  'cold-recommend': async () => (await import('./cold-recommend.ts')).runColdRecommendBench(),
  'chat-speed': async () => (await import('./chat-speed/chat-speed.ts')).runChatSpeedBench(),
  'fuzz-loader': async () => (await import('./fuzz-loader.ts')).runFuzzLoaderBench(),
  'kill-worker': async () => (await import('./kill-worker.ts')).runKillWorkerBench(),
  'library-scan': async () => (await import('./library-scan.ts')).runLibraryScanBench(),
  'fuzz-reader': async () => (await import('./fuzz-reader.ts')).runFuzzReaderBench(),
  'page-usable': async () => (await import('./page-usable.ts')).runPageUsableBench(),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

console.log(
  `${cpus()[0]?.model} · ${cpus().length} logical cores · ${Math.round(totalmem() / 2 ** 30)} GiB · Node ${process.version}`,
)
for (const [name, runBench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`)
  await runBench()
}
