import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'

/** What a plan is said to hold in RAM: what the resident memory of its process is held against. */
export function predictedRam({ pools }: Pick<PlanEvaluation, 'pools'>): MaybeFigure {
  const ram = pools.find(({ pool }) => pool === 'ram')?.memory.total
  return (
    ram ?? { value: null, unit: 'bytes', reason: 'nothing of this plan lies in memory of the system alone' }
  )
}

/** What a plan is said to hold on all accelerators together. */
export function predictedAccelerator({ pools }: Pick<PlanEvaluation, 'pools'>): MaybeFigure {
  const totals = pools.filter(({ pool }) => pool !== 'ram').map(({ memory }) => memory.total)
  const [first] = totals
  if (first === undefined) return { value: null, unit: 'bytes', reason: 'no layer is on an accelerator' }
  const sum = (part: (figure: Figure) => number) => totals.reduce((all, figure) => all + part(figure), 0)
  return {
    ...first,
    value: sum(({ value }) => value),
    low: sum(({ low, value }) => low ?? value),
    high: sum(({ high, value }) => high ?? value),
  }
}
