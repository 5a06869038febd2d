import { describeRecommendation } from '#core/advise/evaluate-recommendation.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { planLadder } from '#core/plan/plan-ladder.ts'
import type { LadderCell } from '#core/plan/plan-ladder.ts'
import { applySimulation } from '#core/plan/apply-simulation.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { ladderCellJson } from '../json/ladder-json.ts'
import { machineJson } from '../json/machine-json.ts'
import { poolJson } from '../json/plan-json.ts'
import { plannedJson } from '../json/recommend-json.ts'
import { simulationJson } from '../json/simulation-json.ts'
import { openSession } from '../open-session.ts'
import type { Session } from '../open-session.ts'
import { planRequest } from '../plan-request.ts'
import { usualUseCase } from '../usual-use-case.ts'
import type { PlanOptions } from './plan.ts'

/** Contexts people ask for; the ladder adds the one asked for and leaves out what the model cannot do. */
const USUAL_CONTEXTS = [4096, 8192, 16_384, 32_768, 65_536, 131_072]

function ladderOf(request: PlanRequest, catalogue: Catalogue): readonly LadderCell[] {
  const contexts = [...new Set([...USUAL_CONTEXTS, request.contextTokens])].toSorted((a, b) => a - b)
  const quantizations = catalogue.quantizations.filter(({ engines }) => engines.includes(request.engine))
  return planLadder(request, quantizations, contexts, catalogue.speedModel)
}

/** The plan, its numbers estimated or with the exact bytes of the allocator. */
async function planned(modelName: string, options: PlanOptions, context: CliContext): Promise<Planned> {
  const requestOf = ({ machine, catalogue }: Session) =>
    planRequest({ ...options, model: modelName }, machine, catalogue)
  if (options.exact !== true) {
    const session = await openSession(options, context)
    const request = requestOf(session)
    const numbers = planNumbers(request, session.catalogue.speedModel)
    return { session, request, numbers }
  }
  const { planExactly } = await import('../plan-exactly.ts')
  const { session, request, simulation } = await planExactly(options, context, requestOf)
  const numbers = applySimulation(planNumbers(request, session.catalogue.speedModel), simulation)
  return { session, request, numbers }
}

interface Planned {
  readonly session: Session
  readonly request: PlanRequest
  readonly numbers: PlanNumbers
}

/** `inhouse plan MODEL`. */
export async function planOne(modelName: string, options: PlanOptions, context: CliContext): Promise<void> {
  const { session, request, numbers } = await planned(modelName, options, context)
  const { catalogue, machine } = session
  const { model, contextTokens, users, useReserve = false } = request
  const needs = { ...DEFAULT_NEEDS, useCase: usualUseCase(model), contextTokens, users, useReserve }
  const described = describeRecommendation(request, numbers, { needs, catalogue })
  const ladder = ladderOf(request, catalogue)
  if (options.json === true) {
    return writeJson(context, {
      machine: machineJson(machine),
      useCase: needs.useCase,
      ...plannedJson(described),
      pools: described.plan.pools.map(poolJson),
      simulation: numbers.simulation === null ? null : simulationJson(numbers.simulation),
      ladder: ladder.map(ladderCellJson),
    })
  }
  const { planText } = await import('../text/plan-text.ts')
  const { simulation } = numbers
  await context.write(
    planText(
      { machine, described, simulation, ladder },
      { style: context.style, explain: options.explain === true },
    ),
  )
}
