import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { nearestByName } from '#core/lookup/lookup.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { whatIfOf } from '../input/machine-options.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { matchesWords } from '../input/matches-words.ts'
import { acceleratorSpecJson } from '../json/accelerator-json.ts'
import { openCatalogue, openSession } from '../open-session.ts'

export interface AcceleratorsOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly here?: boolean
  readonly limit?: number
}

function searchSpecs(
  words: readonly string[],
  specs: readonly AcceleratorSpec[],
): readonly AcceleratorSpec[] {
  const found = specs.filter((spec) =>
    matchesWords(words, [
      spec.name,
      ...spec.aliases,
      spec.vendor,
      spec.family,
      spec.architecture,
      spec.form,
      spec.id,
    ]),
  )
  if (found.length > 0) return found
  const query = words.join(' ')
  const nearest = nearestByName(query, { records: specs, namesOf: ({ name, aliases }) => [name, ...aliases] })
  throw new InhouseError({
    code: 'UNKNOWN_ACCELERATOR',
    message: `No accelerator of the catalogue matches "${query}".`,
    nextStep:
      nearest.length === 0
        ? 'List all with: inhouse accelerators'
        : `Nearest: ${nearest.map(({ name }) => name).join(', ')}.`,
  })
}

/** Only what the machine holds, in the order of the table. */
async function specsOfMachine(
  options: AcceleratorsOptions,
  context: CliContext,
): Promise<{ readonly all: readonly AcceleratorSpec[]; readonly shown: readonly AcceleratorSpec[] }> {
  const { catalogue, machine } = await openSession(options, context)
  const here = new Set(machine.accelerators.map(({ specId }) => specId))
  return { all: catalogue.accelerators, shown: catalogue.accelerators.filter(({ id }) => here.has(id)) }
}

/** `inhouse accelerators`. The machine is only looked at when it is asked about. */
export async function accelerators(
  words: readonly string[],
  options: AcceleratorsOptions,
  context: CliContext,
): Promise<void> {
  const asksForMachine = options.here === true || options.machine !== undefined || whatIfOf(options) !== null
  const { all, shown } = asksForMachine
    ? await specsOfMachine(options, context)
    : await openCatalogue(context).then(({ accelerators: specs }) => ({ all: specs, shown: specs }))
  const found = words.length === 0 ? shown : searchSpecs(words, shown)
  const listed = found.slice(0, options.limit ?? found.length)
  if (options.json === true) {
    return writeJson(context, { accelerators: listed.map(acceleratorSpecJson), total: all.length })
  }
  const { acceleratorsText } = await import('../text/accelerators-text.ts')
  await context.write(
    acceleratorsText(listed, { style: context.style, explain: options.explain === true, total: all.length }),
  )
}
