import type { Fit, Placement } from '#core/plan/plan.ts'
import type { TableCell } from './format-table.ts'
import type { Style } from './style.ts'

const PLACEMENT_NAMES: Readonly<Record<Placement['mode'], string>> = {
  gpu: 'GPU',
  'multi-gpu': 'several GPUs',
  unified: 'unified memory',
  'experts-in-ram': 'GPU, experts in RAM',
  partial: 'GPU and RAM',
  cpu: 'CPU',
}

const FIT_WORDS: Readonly<Record<Fit, string>> = { fits: 'fits', tight: 'tight', no: 'does not fit' }

/** Where a plan runs, in words: "GPU and RAM, 24 of 33 layers". */
export function placementText(placement: Placement): string {
  const name = PLACEMENT_NAMES[placement.mode]
  if (placement.mode !== 'partial') return name
  return `${name}, ${placement.gpuLayers} of ${placement.totalLayers} layers`
}

/** A verdict is always a word; colour only underlines it. */
export function fitCell(fit: Fit, style: Style): TableCell {
  const paints: Readonly<Record<Fit, (text: string) => string>> = {
    fits: style.good,
    tight: style.warn,
    no: style.bad,
  }
  return { text: FIT_WORDS[fit], paint: paints[fit] }
}
