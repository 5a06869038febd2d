import type { Needs } from '#core/advise/needs.ts'
import type { ChangeHint, Recommendation, RejectionReason } from '#core/advise/recommendation.ts'
import { formatFigure, formatSpeed } from '#core/figure/format-figure.ts'
import { memoryWords } from '#core/advise/explain-plan.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Machine } from '#core/machine/machine.ts'

/** What the verdict is made of. */
export interface VerdictFacts {
  readonly machine: Machine
  readonly needs: Needs
  /** The plan the answer names; null when none meets the needs. */
  readonly pick: Recommendation | null
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>
  readonly hints: readonly ChangeHint[]
}

/** The answer in one sentence, or an honest no with the reason and what would help. */
export function verdictSentence({ machine, needs, pick, rejected, hints }: VerdictFacts): string {
  if (pick === null) {
    if (
      machine.memory.totalBytes === null &&
      machine.accelerators.every((each) => each.memoryBytes === null)
    ) {
      return 'Not known: the memory of this machine could not be read. State it (as if) to get an answer.'
    }
    return refusal(needs, rejected, hints)
  }
  const { plan, model, quality } = pick
  if (needs.useCase === 'embedding') {
    return `Yes: ${model.name} at ${plan.quantizationId}, reading ${formatFigure(plan.prefill)}, taking ${memoryWords(machine, plan)}; which model embeds best is not known here.`
  }
  const known = isKnown(plan.decode)
  const slow = known && plan.decode.value < SLOW_TOKENS_PER_SECOND
  const weak = isKnown(quality) && quality.value < WEAK_INDEX_POINTS
  const yes = weak ? 'Yes, but only a weak model' : slow ? 'Yes, slowly' : 'Yes'
  const tight = plan.fit === 'tight' ? 'only just fitting, ' : ''
  const speed = known ? formatFigure(plan.decode) : 'speed not known'
  const grade = isKnown(quality) ? `, quality ${formatFigure(quality)} of 100` : ''
  return `${yes}: ${model.name} at ${plan.quantizationId}, ${speed}, ${tight}taking ${memoryWords(machine, plan)}${grade}.`
}

/** Reading speed: slower answers are waited for. */
const SLOW_TOKENS_PER_SECOND = 5.4

/** GPT-3.5 Turbo stands at 32 on this scale, GPT-4 of June 2023 at 43: below, a model helps with little. */
const WEAK_INDEX_POINTS = 38

const REFUSALS: readonly (readonly [RejectionReason, (needs: Needs) => string])[] = [
  ['too-slow', (needs) => `what fits writes less than ${formatSpeed(needs.minTokensPerSecond)} tok/s`],
  ['speed-unknown', () => 'the speed of what fits cannot be told on this machine'],
  ['does-not-fit', () => 'no suitable model fits into the memory that is free'],
  ['file-too-large', () => 'every suitable file is larger than allowed'],
  ['no-engine', () => 'no engine here runs a suitable model'],
  ['context-too-short', () => 'no suitable model was made for so long a context'],
  ['license', () => 'no suitable model has a license that allows it'],
]

function refusal(needs: Needs, rejected: VerdictFacts['rejected'], hints: readonly ChangeHint[]): string {
  const [, words] = REFUSALS.find(([reason]) => (rejected[reason] ?? 0) > 0) ?? []
  const why = words?.(needs) ?? 'the catalogue has no model for this'
  const help = hints[0] === undefined ? '' : ` ${hints[0].text}`
  return `No: ${why}.${help}`
}
