import { advise } from '#core/advise/advise.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import type { LicenseNeed, Needs, UseCase } from '#core/advise/needs.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { recommendJson } from '../json/recommend-json.ts'
import { openSession } from '../open-session.ts'
import { formatCount } from '#core/figure/format-figure.ts'
import { usageError } from '../usage-error.ts'

export interface RecommendOptions extends MachineOptions {
  readonly json?: boolean
  readonly explain?: boolean
  readonly useCase?: UseCase
  readonly context?: number
  readonly users?: number
  readonly minSpeed?: number
  readonly license?: LicenseNeed
  readonly maxFile?: number
  readonly limit?: number
  readonly useReserve?: boolean
  readonly includeSuperseded?: boolean
}

/** The three picks. */
const DEFAULT_LIMIT = 3

function needsOf(options: RecommendOptions): Needs {
  return {
    useCase: options.useCase ?? DEFAULT_NEEDS.useCase,
    contextTokens: options.context ?? DEFAULT_NEEDS.contextTokens,
    users: options.users ?? DEFAULT_NEEDS.users,
    minTokensPerSecond: options.minSpeed ?? DEFAULT_NEEDS.minTokensPerSecond,
    license: options.license ?? DEFAULT_NEEDS.license,
    maxFileBytes: options.maxFile ?? DEFAULT_NEEDS.maxFileBytes,
    includeSuperseded: options.includeSuperseded ?? DEFAULT_NEEDS.includeSuperseded,
    useReserve: options.useReserve ?? DEFAULT_NEEDS.useReserve,
  }
}

function checkContext(needs: Needs, catalogue: Catalogue): void {
  const most = Math.max(...catalogue.models.map(({ architecture }) => architecture.contextTokens))
  if (needs.contextTokens <= most) return
  throw usageError(
    `No model of the catalogue handles ${formatCount(needs.contextTokens)} tokens of context; the longest is ${formatCount(most)}.`,
    `Ask for --context ${most} or less.`,
  )
}

/** `inhouse recommend`. */
export async function recommend(options: RecommendOptions, context: CliContext): Promise<void> {
  const { catalogue, machine } = await openSession(options, context)
  const needs = needsOf(options)
  checkContext(needs, catalogue)
  const advice = advise({ machine, needs, catalogue, limit: options.limit ?? DEFAULT_LIMIT })
  if (options.json === true) return writeJson(context, recommendJson(advice))
  const { recommendText } = await import('../text/recommend-text.ts')
  await context.write(recommendText(advice, { style: context.style, explain: options.explain === true }))
}
