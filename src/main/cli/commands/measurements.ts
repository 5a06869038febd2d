import type { MeasurementStore } from '#backend/store/measurement-store.ts'
import type { ImportResult } from '#contract/measuring.ts'
import type { Measurements } from '#core/measure/measurement.ts'
import { predictedAgainstMeasured } from '#core/measure/predicted-against-measured.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { readTextInput } from '../input/read-json-input.ts'
import { measurementsJson } from '../json/measurements-json.ts'
import { withMeasurements } from '../kept-measurements.ts'
import { openSession } from '../open-session.ts'
import { usageError } from '../usage-error.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `inhouse measurements`. */
export async function listMeasurements(
  options: { readonly json?: boolean },
  context: CliContext,
): Promise<void> {
  const { measurements, machine, catalogue, shippedSpeedModel } = await openSession({}, context)
  const compared = predictedAgainstMeasured(measurements, machine, {
    ...catalogue,
    speedModel: shippedSpeedModel,
  })
  const view = { measurements, machine, models: catalogue.models, compared }
  if (options.json === true) return writeJson(context, measurementsJson(view))
  const { measurementsText } = await import('../text/measurements-text.ts')
  await context.write(measurementsText(view, context.style))
}

/** `inhouse measurements export [FILE]`. */
export async function exportMeasurements(
  file: string | undefined,
  options: { readonly force?: boolean },
  context: CliContext,
): Promise<void> {
  const lines = await withMeasurements(context, (store) => store.exportLines())
  if (file === undefined) return context.write(lines)
  await writeNewFile(file, lines, options.force === true)
  const count = lines.split('\n').length - 1
  context.writeError(
    `Wrote ${counted(count)} to ${file}; read them with: inhouse measurements import ${file}\n`,
  )
}

/** `inhouse measurements import FILE`. */
export async function importMeasurements(
  file: string,
  options: { readonly json?: boolean },
  context: CliContext,
): Promise<void> {
  const text = await readTextInput({
    file,
    what: 'a file of measurements',
    nextStep: 'Write one with: inhouse measurements export measurements.jsonl',
  })
  const result = await withMeasurements(context, (store) => store.importLines(text))
  if (options.json === true) return writeJson(context, result)
  await context.write(importText(result))
  for (const { line, reason } of result.rejected) context.writeError(`inhouse: ${file}:${line}: ${reason}\n`)
}

function importText({ added, known, rejected }: ImportResult): string {
  const lines = rejected.length === 1 ? '1 line' : `${rejected.length} lines`
  return `Added ${counted(added)}; ${known} already kept; ${rejected.length === 0 ? 'no line' : lines} left out\n`
}

/** `inhouse measurements remove ID…`. */
export async function removeMeasurements(names: readonly string[], context: CliContext): Promise<void> {
  await withMeasurements(context, async (store) => {
    const ids = idsNamed(names, await store.list())
    await store.remove(ids)
    await context.write(`Removed ${counted(ids.length)}\n`)
    context.writeError(`Bring back with: inhouse measurements restore ${ids.join(' ')}\n`)
  })
}

/** `inhouse measurements restore ID…`. */
export async function restoreMeasurements(ids: readonly string[], context: CliContext): Promise<void> {
  await withMeasurements(context, async (store) => {
    await store.restore(ids)
    await checkKept(ids, store)
    await context.write(`Restored ${counted(ids.length)}\n`)
  })
}

async function checkKept(ids: readonly string[], store: MeasurementStore): Promise<void> {
  const kept = new Set(allIds(await store.list()))
  const missing = ids.filter((id) => !kept.has(id))
  if (missing.length === 0) return
  throw usageError(
    `No measurement, kept or removed, has the id ${missing.map((id) => `"${id}"`).join(', ')}.`,
    'Write the whole id, as remove printed it.',
  )
}

function allIds({ runs, machines, smokes }: Measurements): readonly string[] {
  return [...runs, ...machines, ...smokes].map(({ id }) => id)
}

/** Whole ids, or as many of their first characters as tell one apart: a terminal shows no more. */
function idsNamed(names: readonly string[], measurements: Measurements): readonly string[] {
  const known = allIds(measurements)
  const found = names.map((name) => {
    const exact = known.filter((id) => id === name)
    const matching = exact.length > 0 ? exact : known.filter((id) => id.startsWith(name))
    const [id] = matching
    if (id !== undefined && matching.length === 1) return id
    throw usageError(
      id === undefined
        ? `No measurement has the id "${name}".`
        : `Several measurements have ids that start with "${name}".`,
      id === undefined ? 'List them with: inhouse measurements' : `Write more of it: ${matching.join(', ')}.`,
    )
  })
  return [...new Set(found)]
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'measurement' : 'measurements'}`
}
