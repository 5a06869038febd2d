import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { readWhatIfText } from '../../stores/what-if-text.ts'

/** What "as if" calls an accelerator: the name, or the id of one whose name a link would take apart ("Arc 140V (Lunar Lake, 8 Xe2)"). */
export function gpuWord({ id, name }: AcceleratorSpec): string {
  return readWhatIfText(name)?.gpus[0] === name ? name : id
}
