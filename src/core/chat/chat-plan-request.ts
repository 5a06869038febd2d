import type { PlanRequest } from '#core/plan/plan.ts'

/** Room for a conversation of some pages; more makes the cache large for no use. */
export const CHAT_CONTEXT_TOKENS = 8192

/** The plan of a chat: one user, the cache in f16, run by llama.cpp. */
export function chatPlanRequest(
  chat: Pick<PlanRequest, 'machine' | 'model' | 'quantization' | 'contextTokens'>,
): PlanRequest {
  return { ...chat, users: 1, kvType: 'f16', engine: 'llama.cpp' }
}
