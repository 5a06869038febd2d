import * as z from 'zod'
import { isoDate, longText, recordsFile, shortText } from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import type { LicenseTable } from '#core/license/license.ts'

const answer = z.enum(['yes', 'conditions', 'no'])

const condition = z.strictObject({
  kind: shortText,
  effect: z.enum(['duty', 'threshold', 'region', 'block', 'unknown']),
  duty: longText,
  threshold: z
    .strictObject({
      value: z.number().positive().nullable(),
      unit: shortText,
      period: shortText.nullable(),
    })
    .nullable(),
  regions: z.array(shortText).nullable(),
})

const licenseSchema = z.strictObject({
  id: shortText,
  name: shortText,
  aliases: z.array(shortText),
  kind: z.enum([
    'permissive',
    'copyleft',
    'responsible-use',
    'community',
    'threshold',
    'research',
    'noncommercial',
    'proprietary',
  ]),
  osiApproved: z.boolean().nullable(),
  commercialUse: answer,
  redistribution: answer.nullable(),
  fineTune: z.enum(['yes', 'conditions', 'research', 'no']).nullable(),
  conditions: z.array(condition),
  // Shown as a link, so only an address that a browser opens as a page.
  url: z.url({ protocol: /^https?$/ }).nullable(),
  confidence: z.enum(['primary', 'catalogue', 'secondary', 'recalled']),
  source: longText,
  asOf: isoDate,
})

/** `data/licenses.json`: the licenses, and what their conditions mean. */
export const licensesFileSchema = recordsFile('licenses', licenseSchema).extend({
  guidance: longText,
  questions: z.array(
    z.strictObject({
      id: shortText,
      ask: longText,
      blocks: z.array(shortText),
      shows: z.array(shortText),
    }),
  ),
})

true satisfies SameType<Omit<LicenseTable, 'schema'>, Omit<z.infer<typeof licensesFileSchema>, 'schema'>>
