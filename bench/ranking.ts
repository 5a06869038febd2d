import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { advise } from '#core/advise/advise.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import { shippedCatalogue } from '../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES } from '../test/what-if-machines.ts'
import { median } from './median.ts'

const WARM_RUNS = 31
const COLD_RUNS = 5
const AIM_MILLISECONDS = 16

/** Milliseconds of one call. */
function timed(machine: string): number {
  const found = WHAT_IF_MACHINES[machine]
  if (found === undefined) throw new Error(`no such machine: ${machine}`)
  const start = performance.now()
  advise({ machine: found, needs: DEFAULT_NEEDS, catalogue: shippedCatalogue })
  return performance.now() - start
}

/** The first call in a fresh process, which also works out the size of every model; loading the catalogue is not in it. */
function coldMilliseconds(machine: string): number {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--cold', machine], {
    encoding: 'utf8',
  })
  return Number(output.trim())
}

/** Ranks the whole catalogue for several machines: the median of warm calls, and of first calls in fresh processes. */
export async function runRankingBench(): Promise<void> {
  for (const name of Object.keys(WHAT_IF_MACHINES)) {
    const cold = median(Array.from({ length: COLD_RUNS }, () => coldMilliseconds(name)))
    timed(name)
    const runs = Array.from({ length: WARM_RUNS }, () => timed(name))
    const warm = median(runs)
    const advice = advise({
      machine: WHAT_IF_MACHINES[name]!,
      needs: DEFAULT_NEEDS,
      catalogue: shippedCatalogue,
    })
    console.log(
      `${name.padEnd(18)} warm ${warm.toFixed(1).padStart(5)} ms, least ${Math.min(...runs)
        .toFixed(1)
        .padStart(
          4,
        )} (aim ${AIM_MILLISECONDS})   first call ${cold.toFixed(0).padStart(4)} ms   ${advice.considered} plans`,
    )
  }
}

const [, , flag, machine] = process.argv
if (flag === '--cold' && machine !== undefined) console.log(timed(machine))
