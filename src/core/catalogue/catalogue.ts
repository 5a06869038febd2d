import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { License } from '#core/license/license.ts'
import type { Model } from '#core/model/model.ts'
import type { QualityTable } from '#core/quality/quality.ts'
import type { QuantizationLossTable } from '#core/quality/quantization-loss.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** A user's own record that could not be used, named with file and line. */
export interface CatalogueProblem {
  readonly file: string
  readonly line: number | null
  readonly message: string
}

/** Everything the core needs to know about the world, loaded and checked once, then passed in. */
export interface Catalogue {
  readonly models: readonly Model[]
  readonly accelerators: readonly AcceleratorSpec[]
  readonly quantizations: readonly Quantization[]
  readonly licenses: readonly License[]
  readonly quality: QualityTable
  readonly quantizationLoss: QuantizationLossTable
  readonly speedModel: SpeedModel
  /** ISO date of the newest shipped record. */
  readonly asOf: string
  readonly problems: readonly CatalogueProblem[]
}
