import { bestPlanOf } from '#core/advise/best-plan-per-model.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import type { LicenseNeed, UseCase } from '#core/advise/needs.ts'
import { suitsUseCase } from '#core/advise/suits-use-case.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense, licenseVerdict } from '#core/license/license.ts'
import { nearestByName } from '#core/lookup/lookup.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { qualityOf } from '#core/quality/quality.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { whatIfOf } from '../input/machine-options.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { matchesWords } from '../input/matches-words.ts'
import { modelJson } from '../json/model-json.ts'
import type { ListedModel } from '../json/model-json.ts'
import { openCatalogue, openSession } from '../open-session.ts'
import type { Session } from '../open-session.ts'
import { usualUseCase } from '../usual-use-case.ts'

export interface ModelsOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly useCase?: UseCase
  readonly family?: string
  readonly developer?: string
  readonly license?: LicenseNeed
  readonly fits?: boolean
  readonly limit?: number
}

function isWanted(model: Model, options: ModelsOptions, catalogue: Catalogue): boolean {
  const { useCase, family, developer, license } = options
  if (useCase !== undefined && !suitsUseCase(model, useCase)) return false
  if (family !== undefined && !matchesWords([family], [model.family])) return false
  if (developer !== undefined && !matchesWords([developer], [model.developer])) return false
  if (license === undefined) return true
  const { verdict } = licenseVerdict(findLicense(model.license, catalogue.licenses), license)
  return verdict === 'allow' || verdict === 'conditions'
}

function searchModels(words: readonly string[], catalogue: Catalogue): readonly Model[] {
  if (words.length === 0) return catalogue.models
  const found = catalogue.models.filter((model) =>
    matchesWords(words, [model.id, model.name, model.family, model.developer]),
  )
  if (found.length > 0) return found
  const query = words.join(' ')
  const nearest = nearestByName(query, { records: catalogue.models, namesOf: ({ id, name }) => [id, name] })
  throw new InhouseError({
    code: 'UNKNOWN_MODEL',
    message: `No model of the catalogue matches "${query}".`,
    nextStep:
      nearest.length === 0
        ? 'List all with: inhouse models'
        : `Nearest: ${nearest.map(({ id }) => id).join(', ')}.`,
  })
}

/** The machine is only looked at when it is asked about. */
async function world(
  options: ModelsOptions,
  context: CliContext,
): Promise<{ readonly catalogue: Catalogue; readonly machine: Machine | null }> {
  const asksForMachine = options.fits === true || options.machine !== undefined || whatIfOf(options) !== null
  return asksForMachine
    ? openSession(options, context)
    : { catalogue: await openCatalogue(context), machine: null }
}

/** The plan every table of models shows for this one; null where no engine for the machine runs it. */
function planOf(
  model: Model,
  useCase: UseCase,
  { catalogue, machine }: Pick<Session, 'catalogue' | 'machine'>,
): PlanEvaluation | null {
  const contextTokens = Math.min(DEFAULT_NEEDS.contextTokens, model.architecture.contextTokens)
  return bestPlanOf(model, { machine, needs: { ...DEFAULT_NEEDS, useCase, contextTokens }, catalogue })
}

function fits({ plan }: ListedModel): boolean {
  return plan !== null && plan.fit !== 'no'
}

/** `inhouse models`. */
export async function models(
  words: readonly string[],
  options: ModelsOptions,
  context: CliContext,
): Promise<void> {
  const { catalogue, machine } = await world(options, context)
  const wanted = searchModels(words, catalogue).filter((model) => isWanted(model, options, catalogue))
  const rows: readonly ListedModel[] = wanted.map((model) => {
    const useCase = options.useCase ?? usualUseCase(model)
    const quality = qualityOf(model, useCase, catalogue.quality)
    return { model, quality, plan: machine === null ? null : planOf(model, useCase, { catalogue, machine }) }
  })
  const fitting = options.fits === true ? rows.filter(fits) : rows
  const listed = fitting.slice(0, options.limit ?? fitting.length)
  const total = catalogue.models.length
  if (options.json === true) return writeJson(context, { models: listed.map(modelJson), total })
  const { modelsText } = await import('../text/models-text.ts')
  await context.write(
    modelsText({ listed, machine, total }, { style: context.style, explain: options.explain === true }),
  )
}
