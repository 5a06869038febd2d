import type { Figure, FigureUnit, MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import type { Fit, MemoryParts, PlanEvaluation } from '#core/plan/plan.ts'
import type { ModelRow } from './model-row.ts'

interface RowFacts {
  readonly id: string
  readonly name?: string
  readonly kind?: Model['kind']
  readonly developer?: string
  readonly parameters?: number
  readonly modalities?: readonly string[]
  readonly origin?: Model['origin']
  /** Null: no engine runs it. */
  readonly fit?: Fit | null
  readonly tokensPerSecond?: number | null
  readonly quality?: number | null
}

/** A row for tests: only what sorting, filtering and drawing read is filled with the facts given. */
export function rowOf(facts: RowFacts): ModelRow {
  const fit = facts.fit === undefined ? 'fits' : facts.fit
  const model = {
    id: facts.id,
    name: facts.name ?? facts.id,
    developer: facts.developer ?? 'Somebody',
    family: 'family',
    kind: facts.kind ?? 'chat',
    released: '2025-01',
    license: 'apache-2.0',
    parameters: { total: facts.parameters ?? 8e9, active: null },
    nativeContextTokens: 32768,
    modalities: facts.modalities ?? ['text'],
    origin: facts.origin ?? 'shipped',
  } as unknown as Model
  return {
    model,
    license: null,
    quality: maybe(facts.quality, 'indexPoints'),
    similar: null,
    best: fit === null ? null : { plan: planOf(facts, fit), agreement: figure(96, 'percent') },
    rank: null,
    rejection: fit === null ? 'no-engine' : null,
  }
}

function planOf(facts: RowFacts, fit: Fit): PlanEvaluation {
  return {
    modelId: facts.id,
    quantizationId: 'Q4_K_M',
    fit,
    memory: { total: figure(5e9, 'bytes') } as MemoryParts,
    decode: maybe(facts.tokensPerSecond, 'tokensPerSecond'),
  } as unknown as PlanEvaluation
}

function maybe(value: number | null | undefined, unit: FigureUnit): MaybeFigure {
  return value === null ? { value, unit, reason: 'not published' } : figure(value ?? 50, unit)
}

function figure(value: number, unit: FigureUnit): Figure {
  return { value, unit, basis: 'estimated', source: 'made up for a test' }
}
