import { oncePer } from '#core/lookup/once-per.ts'
import type { LicenseNeed } from '#core/advise/needs.ts'

/** What sort of terms: `threshold` changes with the size of the user, `responsible-use` rules out purposes. */
export type LicenseKind =
  | 'permissive'
  | 'copyleft'
  | 'responsible-use'
  | 'community'
  | 'threshold'
  | 'research'
  | 'noncommercial'
  | 'proprietary'

/** What a condition does to a user: a thing to do, a size above which terms change, a region, a full stop. */
export type ConditionEffect = 'duty' | 'threshold' | 'region' | 'block' | 'unknown'

/** One thing a license asks for or rules out. */
export interface LicenseCondition {
  /** Stable word: `attribution`, `mau_threshold`, `non_commercial`, … */
  readonly kind: string
  readonly effect: ConditionEffect
  /** What it asks, in one plain sentence. */
  readonly duty: string
  /** Null value: a threshold is reported, its figure is not confirmed. */
  readonly threshold: {
    readonly value: number | null
    readonly unit: string
    readonly period: string | null
  } | null
  /** Regions the license leaves out. */
  readonly regions: readonly string[] | null
}

/** A license of the table (`data/licenses.json`), its conditions explained. */
export interface License {
  readonly id: string
  readonly name: string
  /** Other ids that mean this license in model records. */
  readonly aliases: readonly string[]
  readonly kind: LicenseKind
  /** Null: not confirmed. */
  readonly osiApproved: boolean | null
  readonly commercialUse: 'yes' | 'conditions' | 'no'
  readonly redistribution: 'yes' | 'conditions' | 'no' | null
  readonly fineTune: 'yes' | 'conditions' | 'research' | 'no' | null
  readonly conditions: readonly LicenseCondition[]
  readonly url: string | null
  /** `primary`: the text was read; the rest were described by others. */
  readonly confidence: 'primary' | 'catalogue' | 'secondary' | 'recalled'
  readonly source: string
  readonly asOf: string
}

/** `data/licenses.json` as stored; the catalogue carries the records. */
export interface LicenseTable {
  readonly schema: string
  readonly asOf: string
  readonly guidance: string
  readonly questions: readonly {
    readonly id: string
    readonly ask: string
    readonly blocks: readonly string[]
    readonly shows: readonly string[]
  }[]
  readonly records: readonly License[]
}

/** What a license means for a need; `unknown` where its terms were not read. */
export interface LicenseVerdict {
  readonly verdict: 'allow' | 'conditions' | 'block' | 'unknown'
  /** Plain sentences: what to do, or to check, before relying on it. */
  readonly duties: readonly string[]
  /** Why, in one plain sentence. */
  readonly reason: string
}

const licensesById = oncePer(
  (licenses: readonly License[]): ReadonlyMap<string, License> =>
    new Map(
      licenses.flatMap((license) => [license.id, ...license.aliases].map((id) => [id, license] as const)),
    ),
)

/** The license a model record names, by id or alias; null when the table does not know it. */
export function findLicense(licenseId: string, licenses: readonly License[]): License | null {
  return licensesById(licenses).get(licenseId) ?? null
}

/**
 * Whether a license allows what is needed. `any` asks no question, so nothing is blocked, but what the license asks is
 * still said; `commercial` needs the right to serve a product; `permissive` needs a license without use conditions.
 */
export function licenseVerdict(license: License | null, need: LicenseNeed): LicenseVerdict {
  if (license === null) {
    return {
      verdict: 'unknown',
      duties: ['Read the license: it is not in the table.'],
      reason: 'The license is not in the table.',
    }
  }
  const duties = dutiesOf(license)
  if (license.conditions.some((condition) => condition.effect === 'unknown')) {
    return { verdict: 'unknown', duties, reason: `The terms of the ${license.name} were not read.` }
  }
  if (need !== 'any' && license.commercialUse === 'no') {
    return { verdict: 'block', duties, reason: `The ${license.name} does not allow commercial use.` }
  }
  if (need === 'permissive' && license.kind !== 'permissive') {
    return { verdict: 'block', duties, reason: `The ${license.name} is not a permissive license.` }
  }
  if (license.kind === 'permissive')
    return { verdict: 'allow', duties, reason: `The ${license.name} allows commercial use.` }
  const reason =
    license.commercialUse === 'no'
      ? `The ${license.name} allows no commercial use.`
      : `The ${license.name} allows commercial use under conditions.`
  return { verdict: 'conditions', duties, reason }
}

function dutiesOf(license: License): readonly string[] {
  const duties = license.conditions.map((condition) => condition.duty)
  if (license.confidence === 'primary') return duties
  return [...duties, 'These terms were described by others, not read here: check the text.']
}
