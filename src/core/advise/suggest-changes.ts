import { addMemory } from '#core/machine/add-memory.ts'
import { DEFAULT_NEEDS, type Needs } from '#core/advise/needs.ts'
import {
  bestPlan,
  openBench,
  rejectModel,
  type RankedPlan,
  type RankingInput,
} from '#core/advise/rank-plans.ts'
import { rankingQuality } from '#core/advise/ranking-quality.ts'
import type { ChangeHint } from '#core/advise/recommendation.ts'
import { formatContext, formatFigureValue, formatNumber, formatSpeed } from '#core/figure/format-figure.ts'
import { isKnown } from '#core/figure/figure.ts'
import { gibibytesToBytes } from '#core/units/units.ts'
import type { Model } from '#core/model/model.ts'
import { qualityOf } from '#core/quality/quality.ts'
import { weightsOf } from '#core/quant/weights.ts'

const MOST_HINTS = 3
/** Two models are about as good under four index points; a hint must promise more than half of that. */
const LEAST_GAIN_POINTS = 2
const ADDITIONS_GIBIBYTES = [8, 16, 24, 48, 96]

interface Proposal {
  readonly hint: Omit<ChangeHint, 'text'>
  readonly input: RankingInput
  readonly lead: string
}

interface Gain {
  readonly hint: ChangeHint
  readonly points: number
}

/**
 * What would change the answer, at most three: first what would make it better, then what would make it harder, each really evaluated: the best model that would then meet the needs, and
 * how much better it is than the best one now. `best` is the best quality of the present answer; null when there is none.
 */
export function suggestChanges(input: RankingInput, best: RankedPlan | null): readonly ChangeHint[] {
  const now = best?.qualityAfterLoss ?? 0
  const gains: Gain[] = []
  for (const steps of easierNeeds(input)) {
    const gain = firstGain(steps, best, now)
    if (gain !== null) gains.push(gain)
  }
  const memory = memoryGain(input, best, now)
  const others = gains.toSorted((a, b) => b.points - a.points)
  const chosen = memory === null ? others : [memory, ...others]
  const hints = chosen.slice(0, MOST_HINTS).map((gain) => gain.hint)
  return best === null || hints.length === MOST_HINTS
    ? hints
    : [...hints, ...harderNeeds(input, best)].slice(0, MOST_HINTS)
}

/** Needs the present best does not meet, each axis at the first step that changes the best, with what would be left. */
function harderNeeds(input: RankingInput, best: RankedPlan): readonly ChangeHint[] {
  const { needs } = input
  const speeds = [1.5, 3, 6].map((factor) => Number((best.tokensPerSecond * factor).toPrecision(1)))
  const axes: readonly (readonly (readonly [Partial<Needs>, string])[])[] = [
    speeds
      .filter((speed) => speed > best.tokensPerSecond)
      .map((speed) => [{ minTokensPerSecond: speed }, `Asking for ${formatNumber(speed)} tok/s`]),
    [4, 16].map((factor) => {
      const tokens = needs.contextTokens * factor
      return [{ contextTokens: tokens }, `Asking for ${formatContext(tokens)} tokens of context`]
    }),
    [4, 16].map((factor) => [{ users: needs.users * factor }, `${needs.users * factor} users at once`]),
    needs.license === 'any' ? [[{ license: 'permissive' }, 'Asking for a permissive license']] : [],
  ]
  return axes.flatMap((steps) => {
    for (const step of steps) {
      const hint = harderNeed(input, best, step)
      if (hint !== null) return [hint]
    }
    return []
  })
}

function harderNeed(
  input: RankingInput,
  best: RankedPlan,
  [change, lead]: readonly [Partial<Needs>, string],
): ChangeHint | null {
  const after = bestQualityPlan({ ...input, needs: { ...input.needs, ...change } }, 0)
  if (after === null) return { needs: change, text: `${lead} would leave nothing that fits well.` }
  if (after.model.id === best.model.id) return null
  const text = `${lead} would change the best to ${after.model.name}: quality ${qualityWords(after, input)} instead of ${qualityWords(best, input)}.`
  return { needs: change, text }
}

/** The least addition of memory that brings a better model. */
function memoryGain(input: RankingInput, best: RankedPlan | null, now: number): Gain | null {
  for (const gibibytes of ADDITIONS_GIBIBYTES) {
    const bytes = gibibytesToBytes(gibibytes)
    const { machine, kind } = addMemory(input.machine, bytes)
    const lead = `${gibibytes} GiB more ${kind}`
    const gain = gainOf({ hint: { addMemoryBytes: bytes }, input: { ...input, machine }, lead }, best, now)
    if (gain !== null) return gain
  }
  return null
}

/** Needs given up, one axis at a time, each at the first step that brings a better model. */
function easierNeeds(input: RankingInput): readonly (readonly Proposal[])[] {
  const { needs } = input
  const propose = (change: Partial<Needs>, lead: string): Proposal => ({
    hint: { needs: change },
    input: { ...input, needs: { ...needs, ...change } },
    lead,
  })
  const speeds = [needs.minTokensPerSecond / 2.5, DEFAULT_NEEDS.minTokensPerSecond, 1]
  const contexts = [needs.contextTokens / 4, 32_768, DEFAULT_NEEDS.contextTokens, 4096]
  return [
    speeds
      .filter((speed) => speed >= 1 && speed < needs.minTokensPerSecond)
      .map((speed) => propose({ minTokensPerSecond: speed }, `Accepting ${formatNumber(speed)} tok/s`)),
    contexts
      .filter((tokens) => tokens >= 4096 && tokens < needs.contextTokens)
      .map((tokens) => Math.floor(tokens))
      .map((tokens) => propose({ contextTokens: tokens }, `A context of ${formatContext(tokens)} tokens`)),
    needs.license === 'any' ? [] : [propose({ license: 'any' }, 'Any license')],
    needs.users === 1 ? [] : [propose({ users: 1 }, 'One user at a time')],
    needs.maxFileBytes === null ? [] : [propose({ maxFileBytes: null }, 'A larger download')],
    needs.useReserve
      ? []
      : [propose({ useReserve: true }, 'Using the memory reserve, at the risk of running out,')],
  ]
}

function firstGain(steps: readonly Proposal[], best: RankedPlan | null, now: number): Gain | null {
  for (const step of steps) {
    const gain = gainOf(step, best, now)
    if (gain !== null) return gain
  }
  return null
}

function gainOf(proposal: Proposal, best: RankedPlan | null, now: number): Gain | null {
  const after = bestQualityPlan(proposal.input, now + LEAST_GAIN_POINTS)
  if (after === null || after.model.id === best?.model.id) return null
  const quality = best === null ? '' : ` instead of ${qualityWords(best, proposal.input)}`
  const speed = Number.isNaN(after.tokensPerSecond) ? '' : ` at ${formatSpeed(after.tokensPerSecond)} tok/s`
  const text = `${proposal.lead} would allow ${after.model.name}${speed}: quality ${qualityWords(after, proposal.input)}${quality}.`
  return { hint: { ...proposal.hint, text }, points: after.qualityAfterLoss - now }
}

/**
 * The index a plan's model is shown with everywhere, before quantization; plans are compared by what is left after it.
 */
function qualityWords({ model }: RankedPlan, { needs, catalogue }: RankingInput): string {
  const quality = qualityOf(model, needs.useCase, catalogue.quality)
  return isKnown(quality) ? formatFigureValue(quality) : 'not known'
}

/** The best quality above a bar that fits well, without ranking everything: models in order of quality, until none can win. */
export function bestQualityPlan(input: RankingInput, barPoints: number): RankedPlan | null {
  const bench = openBench(input)
  let best: RankedPlan | null = null
  for (const { model, points } of scoredModels(input)) {
    if (points <= Math.max(barPoints, best?.qualityAfterLoss ?? 0)) break
    if (rejectModel(model, input.needs, input.catalogue) !== null || !mayFit(model, bench.budgetBytes, input))
      continue
    const plan = bestPlan(model, bench)
    if (typeof plan === 'string' || plan.belowThreeBits || plan.numbers.fit !== 'fits') continue
    if (plan.qualityAfterLoss > Math.max(barPoints, best?.qualityAfterLoss ?? 0)) best = plan
  }
  return best
}

function scoredModels({
  needs,
  catalogue,
}: RankingInput): readonly { readonly model: Model; readonly points: number }[] {
  return catalogue.models
    .map((model) => ({ model, ...rankingQuality(model, needs.useCase, catalogue.quality) }))
    .filter((each) => each.scored)
    .toSorted((a, b) => b.points - a.points)
}

/** Three bits of every weight are more than all memory: no plan worth naming can fit. */
function mayFit(model: Model, budgetBytes: number, { catalogue }: RankingInput): boolean {
  const smallest = catalogue.quantizations.find((each) => each.id === 'IQ3_XXS')
  return smallest === undefined || weightsOf(model, smallest).tensorBytes <= budgetBytes
}
