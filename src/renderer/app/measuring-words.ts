import type { MeasuringSubject } from '../stores/measuring-store.ts'
import { planHref } from './routes.ts'

/** Address of the page on which a dry run was started, with its panel open. */
export function measuringHref({ wish }: MeasuringSubject): string {
  const { modelId, quantizationId, contextTokens } = wish.plan
  return planHref({ modelId, quantizationId, contextTokens, measure: wish.method })
}

/** What people call the model that is measured. */
export function modelNameOf({ request }: MeasuringSubject): string {
  return request.model.name
}
