import type { Advice, PickRole, Recommendation } from '#core/advise/recommendation.ts'

/** The order the cards stand in. */
const ROLES: readonly PickRole[] = ['best-quality', 'best-balance', 'fastest']

/** The picks of an advice in the order of their roles; a plan that holds two roles is one card. */
export function picksOf(advice: Advice): readonly Recommendation[] {
  const picks = ROLES.map((role) => advice.recommendations.find((plan) => plan.roles.includes(role)))
  return [...new Set(picks)].filter((pick) => pick !== undefined)
}
