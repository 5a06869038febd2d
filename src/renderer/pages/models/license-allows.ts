import type { LicenseNeed } from '#core/advise/needs.ts'
import { licenseVerdict } from '#core/license/license.ts'
import type { ModelRow } from './model-row.ts'

/** True when the table knows that the row's license meets the need; terms nobody read do not count as met. */
export function licenseAllows(row: ModelRow, need: LicenseNeed): boolean {
  const { verdict } = licenseVerdict(row.license, need)
  return verdict === 'allow' || verdict === 'conditions'
}
