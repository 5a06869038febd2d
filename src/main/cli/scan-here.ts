import { scanMachine } from '#backend/probe/probe.ts'
import type { ScanOptions, ScanResult } from '#backend/probe/probe.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { CliContext } from './cli-context.ts'

/** A scan that takes longer than this looks stuck; from then on a terminal is told what it waits for. */
const PATIENCE_MILLISECONDS = 1000

/** Scans this machine while the catalogue loads. */
export async function scanHere(loading: Promise<Catalogue>, context: CliContext): Promise<ScanResult> {
  const options: ScanOptions = { specs: loading, cacheFolder: context.userFolder }
  const { showProgress } = context
  // Updates cost a verdict each: only somebody who watches gets them.
  if (showProgress === null) return scanMachine(options)
  let pending: readonly string[] = []
  const timer = setInterval(
    () => showProgress(`Waiting for ${pending.join(', ') || 'the first tool'} …`),
    PATIENCE_MILLISECONDS,
  )
  try {
    return await scanMachine({ ...options, onUpdate: ({ pendingTools }) => (pending = pendingTools) })
  } finally {
    clearInterval(timer)
    showProgress(null)
  }
}
