import * as z from 'zod'
import { endpointSchema } from '#contract/endpoints.ts'
import { downloadSettingsSchema } from '#contract/library.ts'
import { DEFAULT_NEEDS, LICENSE_NEEDS, USE_CASES, type Needs } from '#core/advise/needs.ts'
import { BACKENDS } from '#core/machine/machine.ts'
import type { WhatIf } from '#core/machine/what-if.ts'

/** Largest context and user count the settings accept: beyond any model and any single machine, so a typing error. */
const MAX_CONTEXT_TOKENS = 100_000_000
const MAX_USERS = 100_000

const bytes = z.number().int().nonnegative()

/** What the team wants, as a face may send it. */
const needsSchema = z.object({
  useCase: z.enum(USE_CASES),
  contextTokens: z.number().int().positive().max(MAX_CONTEXT_TOKENS),
  users: z.number().int().positive().max(MAX_USERS),
  minTokensPerSecond: z.number().nonnegative(),
  license: z.enum(LICENSE_NEEDS),
  maxFileBytes: bytes.nullable(),
  includeSuperseded: z.boolean(),
  useReserve: z.boolean(),
}) satisfies z.ZodType<Needs>

/** A machine that is not there: "as if it had two RTX 3090". */
const whatIfSchema = z.object({
  gpus: z.array(z.string().max(200)).max(64).readonly(),
  vramBytes: bytes.nullable(),
  ramBytes: bytes.nullable(),
  cpuCores: z.number().int().positive().max(4096).nullable(),
  backend: z.enum(BACKENDS).nullable(),
  addedBytes: bytes.positive().exactOptional(),
}) satisfies z.ZodType<WhatIf>

/** What a face remembers between starts; the same file serves every face on this machine. */
export const settingsSchema = z.object({
  needs: needsSchema,
  /** Null: the machine as scanned. */
  whatIf: whatIfSchema.nullable(),
  theme: z.enum(['auto', 'light', 'dark']),
  /** The offer to measure the machine's speed was put away. */
  speedOfferDismissed: z.boolean(),
  /** Folders of the user's to look in for models. */
  libraryFolders: z.array(z.string().min(1).max(4096)).max(1000).readonly(),
  downloads: downloadSettingsSchema,
  /** OpenAI-compatible servers; their keys are kept elsewhere. */
  endpoints: z.array(endpointSchema).max(100).readonly(),
})

/** A change of settings: only the parts that change. */
export const settingsChangeSchema = settingsSchema.partial()

/** {@link settingsSchema} as a type. */
export type Settings = z.infer<typeof settingsSchema>
/** {@link settingsChangeSchema} as a type. */
export type SettingsChange = z.infer<typeof settingsChangeSchema>

/** What holds until somebody chooses; `auto` follows the system's own light or dark. */
export const DEFAULT_SETTINGS: Settings = {
  needs: DEFAULT_NEEDS,
  whatIf: null,
  theme: 'auto',
  speedOfferDismissed: false,
  libraryFolders: [],
  downloads: { mirror: null, proxy: null },
  endpoints: [],
}
