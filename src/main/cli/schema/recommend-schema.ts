import * as z from 'zod'
import { LICENSE_NEEDS, USE_CASES } from '#core/advise/needs.ts'
import { machineSchema } from './machine-schema.ts'
import { recommendationFields } from './plan-schema.ts'

const needsSchema = z.object({
  useCase: z.enum(USE_CASES),
  contextTokens: z.number().int().positive().describe('context per user'),
  users: z.number().int().positive(),
  minTokensPerSecond: z.number().nonnegative(),
  license: z.enum(LICENSE_NEEDS),
  maxFileBytes: z.number().positive().nullable().describe('null: the free disk decides'),
  includeSuperseded: z.boolean(),
  useReserve: z.boolean(),
})

/** Why models are not recommended; the best plan of each rejected model is counted once. */
const rejectedSchema = z.partialRecord(
  z.enum([
    'does-not-fit',
    'too-slow',
    'speed-unknown',
    'context-too-short',
    'wrong-use-case',
    'license',
    'superseded',
    'file-too-large',
    'no-engine',
  ]),
  z.number().int().nonnegative(),
)

/** `recommend --json`. */
export const recommendOutputSchema = z.object({
  machine: machineSchema,
  needs: needsSchema,
  verdict: z.string().describe('one sentence'),
  recommendations: z.array(
    z.object({
      ...recommendationFields,
      roles: z.array(z.enum(['best-quality', 'best-balance', 'fastest'])),
      score: z.number().describe('0 to 1, only to order the list'),
      onParetoFront: z.boolean(),
    }),
  ),
  considered: z.number().int().nonnegative().describe('plans looked at'),
  rejected: rejectedSchema.describe('how many models were turned down, by reason'),
  wouldChange: z.array(z.string()).describe('what would change the answer'),
})
