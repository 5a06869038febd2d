import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findModel } from '#core/model/find-model.ts'
import type { Model } from '#core/model/model.ts'
import { findQuantization } from '#core/quant/find-quantization.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

function hint(names: readonly string[], otherwise: string): string {
  return names.length === 0 ? otherwise : `Nearest: ${names.join(', ')}.`
}

/** The model a person means, or an error with the nearest names. */
export function requireModel(query: string, catalogue: Catalogue): Model {
  const lookup = findModel(query, catalogue.models)
  switch (lookup.kind) {
    case 'found':
      return lookup.record
    case 'ambiguous':
      throw new InhouseError({
        code: 'UNKNOWN_MODEL',
        message: `"${query}" means several models.`,
        nextStep: `Say which: ${lookup.candidates.map(({ id }) => id).join(', ')}.`,
      })
    case 'unknown':
      throw new InhouseError({
        code: 'UNKNOWN_MODEL',
        message: `No model of the catalogue is called "${query}".`,
        nextStep: hint(
          lookup.nearest.map(({ id }) => id),
          'List them with: inhouse models',
        ),
      })
  }
}

/** The quantization a person means, or an error with the nearest names. */
export function requireQuantization(query: string, quantizations: readonly Quantization[]): Quantization {
  const lookup = findQuantization(query, quantizations)
  switch (lookup.kind) {
    case 'found':
      return lookup.record
    case 'ambiguous':
      throw new InhouseError({
        code: 'UNKNOWN_QUANTIZATION',
        message: `"${query}" means several quantizations.`,
        nextStep: `Say which: ${lookup.candidates.map(({ id }) => id).join(', ')}.`,
      })
    case 'unknown':
      throw new InhouseError({
        code: 'UNKNOWN_QUANTIZATION',
        message: `No quantization is called "${query}".`,
        nextStep: hint(
          lookup.nearest.map(({ id }) => id),
          `Known: ${quantizations.map(({ id }) => id).join(', ')}.`,
        ),
      })
  }
}
