import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { PlacementMode, PoolUse } from '#core/plan/plan.ts'

/** What was expected of a model file before it ran, from the plan of the catalogue model it is. */
export interface RunPrediction {
  readonly modelId: string
  readonly modelName: string
  readonly quantizationId: string
  /**
   * `shape`: another model of the very same shape, as every fine-tune of it has. `header`: no model of the catalogue, its
   * shape was read from the file itself.
   */
  readonly matchedBy: 'name' | 'shape' | 'header'
  readonly mode: PlacementMode
  readonly gpuLayers: number
  readonly totalLayers: number
  /** Of one stream, near the start of a conversation. */
  readonly decode: MaybeFigure
  readonly prefill: MaybeFigure
  /** All memory of the pools it works in. */
  readonly memory: Figure
  readonly pools: readonly PoolUse[]
}
