import { memoryInName } from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { findAccelerator } from '#core/machine/find-accelerator.ts'
import type { Machine } from '#core/machine/machine.ts'
import { bytesToGibibytes, gibibytesToBytes } from '#core/units/units.ts'

/** The sizes of a what-if. */
interface AskedMemory {
  readonly vramBytes: number | null
  readonly ramBytes: number | null
}

/** One `--gpu` as understood. */
export interface WantedGpu {
  readonly spec: AcceleratorSpec
  readonly count: number
  /** Capacity stated in the query itself. */
  readonly statedBytes: number | null
  readonly assumption: string | null
}

/** More cards than any host holds: a typing error. */
const MOST_CARDS = 64

/** A word without a number that names more records than this ("RTX") is no choice between variants. */
const MOST_MEANINGS = 4

/** A refusal in words that help; the same shape as `applyWhatIf` gives. */
export interface Refusal {
  readonly kind: 'error'
  readonly message: string
}

/** A refusal. */
export function refusal(message: string): Refusal {
  return { kind: 'error', message }
}

/** `2x RTX 3090`, `2 x RTX 3090`, `2xRTX 3090`; never the number of a name: `7900 XTX`, `6650XT`. */
function splitCount(query: string): { readonly count: number; readonly name: string } {
  const match = /^\s*(?:(\d{1,4})\s*[x×]\s+|(\d{1,2})[x×])(\S.*)$/i.exec(query)
  return match === null
    ? { count: 1, name: query.trim() }
    : { count: Number(match[1] ?? match[2]), name: (match[3] ?? '').trim() }
}

function nearestWords(nearest: readonly AcceleratorSpec[]): string {
  return nearest.length === 0
    ? 'no accelerator of the catalogue has a name like it'
    : `did you mean ${nearest.map((spec) => spec.name).join(', ')}?`
}

function gibibyteText(bytes: number): string {
  return `${Math.round(bytesToGibibytes(bytes) * 10) / 10} GiB`
}

/** Reads `2x RTX 3090`, `M2 Max 38`, `RTX 3060 8GB`; an ambiguous name is the first choice unless `vramBytes` decides. */
export function wantedGpu(
  query: string,
  vramBytes: number | null,
  specs: readonly AcceleratorSpec[],
): WantedGpu | Refusal {
  const { count, name } = splitCount(query)
  if (count < 1 || count > MOST_CARDS) return refusal(`"${query}": a machine has 1 to ${MOST_CARDS} cards`)
  const stated = memoryInName(name)
  const statedBytes = stated === null ? null : gibibytesToBytes(stated)
  const found = findAccelerator(name, specs)
  if (found.kind === 'unknown') return refusal(`unknown GPU "${name}": ${nearestWords(found.nearest)}`)
  if (found.kind === 'found') return { spec: found.record, count, statedBytes, assumption: null }
  if (!/\d/.test(name) && found.candidates.length > MOST_MEANINGS)
    return refusal(
      `"${name}" can mean ${found.candidates.length} GPUs, ${found.candidates[0]?.name} among them: say which`,
    )
  const sized =
    vramBytes === null
      ? []
      : found.candidates.filter((spec) =>
          spec.memoryOptionsBytes.some((bytes) => Math.abs(bytes - vramBytes) <= bytes * 0.08),
        )
  const [spec = found.candidates[0]] = sized
  if (spec === undefined) return refusal(`unknown GPU "${name}"`)
  const others = found.candidates.filter((candidate) => candidate !== spec).map((other) => other.name)
  const assumption = `"${name}" can mean ${[spec.name, ...others].join(' or ')}: taken as ${spec.name}`
  return { spec, count, statedBytes, assumption }
}

/** What drivers would report as the card's memory; for several capacities sold, the largest. */
function usualBytes(spec: AcceleratorSpec): number | null {
  const single = spec.memoryOptionsBytes.length <= 1
  return (
    (single ? spec.driverReportedBytes : null) ?? spec.memoryBytes ?? spec.memoryOptionsBytes.at(-1) ?? null
  )
}

/** Memory of one such card: asked, stated in its name, as drivers report it, or (integrated) this machine's RAM. */
export function capacityOf(wanted: WantedGpu, whatIf: AskedMemory, machine: Machine): number | null {
  const { spec, statedBytes } = wanted
  const asked = whatIf.vramBytes ?? (spec.unified ? whatIf.ramBytes : null)
  if (asked !== null) return asked
  if (statedBytes !== null && statedBytes !== spec.memoryBytes) return statedBytes
  return usualBytes(spec) ?? (spec.unified ? machine.memory.totalBytes : null)
}

/** What had to be assumed about its memory, in plain words. */
export function capacityAssumption(wanted: WantedGpu, whatIf: AskedMemory): string | null {
  const { spec, statedBytes } = wanted
  const options = spec.memoryOptionsBytes
  if (whatIf.vramBytes !== null || (spec.unified && whatIf.ramBytes !== null)) return null
  const sizes = options.map(gibibyteText).join(', ')
  if (statedBytes !== null && options.length > 0 && !options.includes(statedBytes))
    return `${spec.name} is sold with ${sizes}: taken with ${gibibyteText(statedBytes)} as written`
  return options.length < 2 || statedBytes !== null
    ? null
    : `${spec.name} is sold with ${sizes}: taken with the largest`
}
