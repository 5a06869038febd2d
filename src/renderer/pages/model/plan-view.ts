import type { DryRunMethod } from '#core/measure/measurement.ts'
import type { KvType } from '#core/quant/quantization.ts'

/**
 * What of the model page is in its address, beside the needs and the hardware, which every page has there; null where
 * the needs or the best plan decide.
 */
export interface PlanView {
  readonly quantizationId: string | null
  readonly contextTokens: number | null
  readonly users: number | null
  readonly kvType: KvType
  readonly gpuLayers: number | 'auto'
  readonly flashAttention: boolean
  /** The measuring panel is open, with this method chosen. */
  readonly measure: DryRunMethod | null
}

/** What the engine does unless told otherwise. */
export const PLAIN_PLAN_VIEW: PlanView = {
  quantizationId: null,
  contextTokens: null,
  users: null,
  kvType: 'f16',
  gpuLayers: 'auto',
  flashAttention: true,
  measure: null,
}

const KV_TYPES = ['f16', 'q8_0', 'q4_0'] as const
const METHODS = ['quick', 'full'] as const

/** Reads the address; what it does not understand counts as not said. */
export function readPlanView(search: string): PlanView {
  const query = new URLSearchParams(search)
  return {
    quantizationId: textOf(query.get('quant')),
    contextTokens: wholeNumber(query.get('context'), 1),
    users: wholeNumber(query.get('users'), 1),
    kvType: KV_TYPES.find((type) => type === query.get('kv')) ?? PLAIN_PLAN_VIEW.kvType,
    gpuLayers: wholeNumber(query.get('gpu-layers'), 0) ?? 'auto',
    flashAttention: query.get('flash') !== 'off',
    measure: METHODS.find((method) => method === query.get('measure')) ?? null,
  }
}

/**
 * Writes the view into an address, without what is at its default; the inverse of `readPlanView`. What belongs to
 * others in the address (the needs, the machine) stays.
 */
export function writePlanView(view: PlanView, search = ''): string {
  const query = new URLSearchParams(search)
  const put = (key: string, value: string | number | null): void => {
    if (value === null) query.delete(key)
    else query.set(key, String(value))
  }
  put('quant', view.quantizationId)
  put('context', view.contextTokens)
  put('users', view.users)
  put('kv', view.kvType === PLAIN_PLAN_VIEW.kvType ? null : view.kvType)
  put('gpu-layers', view.gpuLayers === 'auto' ? null : view.gpuLayers)
  put('flash', view.flashAttention ? null : 'off')
  put('measure', view.measure)
  return query.toString()
}

function textOf(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim()
}

function wholeNumber(text: string | null, least: number): number | null {
  if (text === null || !/^\d{1,9}$/u.test(text)) return null
  const number = Number(text)
  return number >= least ? number : null
}
