import type { Needs } from '#core/advise/needs.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import type { Machine } from '#core/machine/machine.ts'

/** What a pick stands for; one plan may hold several. */
export type PickRole = 'best-quality' | 'best-balance' | 'fastest'

/** What to know of a figure, in a few words; null where there is nothing to say. */
export interface PlanRemarks {
  readonly memory: string | null
  readonly speed: string | null
  readonly quality: string | null
}

/** One ranked plan with everything a person needs to believe it. */
export interface Recommendation {
  readonly model: { readonly id: string; readonly name: string; readonly license: string }
  /** Why it is among the three picks; empty for the rest of the list. */
  readonly roles: readonly PickRole[]
  readonly plan: PlanEvaluation
  /** Quality index (0 to 100) of the model for the use case, before quantization. */
  readonly quality: MaybeFigure
  /** "Agrees with the original on the next token N %": top-1 agreement of this quantization. */
  readonly agreement: MaybeFigure
  /** 0 to 1, only to order a list; what it weighs is in `reasons`. */
  readonly score: number
  /** On the Pareto front of quality, speed and memory. */
  readonly onParetoFront: boolean
  /** Two or three plain sentences. */
  readonly reasons: readonly string[]
  /** The same reasons without the figures, to stand beside them. */
  readonly remarks: PlanRemarks
  /** What would make it better: "8 GB more VRAM would allow Q6_K". */
  readonly improvements: readonly string[]
}

/** Why a model (best plan of it) is not recommended. */
export type RejectionReason =
  | 'does-not-fit'
  | 'too-slow'
  | 'speed-unknown'
  | 'context-too-short'
  | 'wrong-use-case'
  | 'license'
  | 'superseded'
  | 'file-too-large'
  | 'no-engine'

/** A change of needs or hardware that would change the answer; a face offers it as one click. */
export interface ChangeHint {
  readonly text: string
  readonly needs?: Partial<Needs>
  readonly addMemoryBytes?: number
}

/** The answer to a set of needs on a machine: what to run, and what would change that. */
export interface Advice {
  readonly machine: Machine
  readonly needs: Needs
  /** One sentence: the verdict. */
  readonly verdict: string
  readonly recommendations: readonly Recommendation[]
  /** Plans looked at. */
  readonly considered: number
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>
  readonly wouldChange: readonly ChangeHint[]
}
