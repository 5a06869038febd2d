import { lookUpByName, type Lookup } from '#core/lookup/lookup.ts'
import { PUBLISHER_MIXES } from '#core/quant/publisher-mix.ts'
import type { Quantization } from '#core/quant/quantization.ts'

function namesOf(quantization: Quantization): readonly string[] {
  return [quantization.id, ...quantization.aliases]
}

/**
 * Finds a quantization as people write it: `Q4_K_M`, `q4km`, `q4`, `4bit` (what MLX repositories are named by). Mixes of
 * publishers (`UD-Q4_K_XL`) are found too, although the catalogue does not offer them.
 */
export function findQuantization(
  query: string,
  quantizations: readonly Quantization[],
): Lookup<Quantization> {
  const result = lookUpByName(query, { records: quantizations, namesOf })
  if (result.kind !== 'unknown') return result
  const mix = lookUpByName(query, { records: PUBLISHER_MIXES, namesOf })
  return mix.kind === 'found' ? mix : result
}
