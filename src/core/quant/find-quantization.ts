import { lookUpByName, type Lookup } from '#core/lookup/lookup.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** Finds a quantization as people write it: `Q4_K_M`, `q4km`, `q4`, `4bit` (what MLX repositories are named by). */
export function findQuantization(
  query: string,
  quantizations: readonly Quantization[],
): Lookup<Quantization> {
  return lookUpByName(query, {
    records: quantizations,
    namesOf: (quantization) => [quantization.id, ...quantization.aliases],
  })
}
