import type { MaybeFigure } from '#core/figure/figure.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'

/** Every figure of a plan with the name people know it by, in the order of an explanation. */
export function planFigures(about: {
  readonly plan: PlanEvaluation
  readonly quality: MaybeFigure
  readonly agreement: MaybeFigure
}): readonly (readonly [string, MaybeFigure])[] {
  const { plan } = about
  return [
    ['file', plan.fileBytes],
    ['weights', plan.memory.weights],
    ['KV cache', plan.memory.kvCache],
    ['compute', plan.memory.compute],
    ['overhead', plan.memory.overhead],
    ['memory in all', plan.memory.total],
    ['budget', plan.memory.budget],
    ['decode', plan.decode],
    ['prefill', plan.prefill],
    ['first token', plan.timeToFirstToken],
    ...(plan.users > 1 ? [['throughput', plan.throughput] as const] : []),
    ['quality', about.quality],
    ['agreement', about.agreement],
  ]
}
