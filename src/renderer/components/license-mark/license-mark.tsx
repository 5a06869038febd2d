import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { findLicense, licenseVerdict, type LicenseVerdict } from '#core/license/license.ts'
import { useCatalogue } from '../../app/use-advice.ts'
import { useNeeds } from '../../app/use-stores.ts'
import classes from './license-mark.module.css'

const SHAPES: Readonly<Record<LicenseVerdict['verdict'], string>> = {
  allow: 'M2 6.5L5 9.5L10 2.5',
  conditions: 'M6 2v5M6 9.4v0.6',
  block: 'M2.5 2.5L9.5 9.5M9.5 2.5L2.5 9.5',
  unknown: 'M4 4.2a2 2 0 1 1 2.6 1.9q-0.6 0.3-0.6 1.1M6 9.6v0.4',
}

interface LicenseMarkProps {
  readonly licenseId: string
  /** Inside a grid, whose rows are walked with the arrow keys. */
  readonly tabIndex?: 0 | -1
}

/** A model's licence by name, with what it means for the chosen need. */
export function LicenseMark({ licenseId, tabIndex = 0 }: LicenseMarkProps) {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const { license: need } = useNeeds()
  const license = catalogue === null ? null : findLicense(licenseId, catalogue.licenses)
  const { verdict, reason, duties } = licenseVerdict(license, need)
  const name = license?.name ?? licenseId
  return (
    <Tooltip
      multiline
      w={280}
      label={[reason, ...duties].join(' ')}
      events={{ hover: true, focus: true, touch: true }}
    >
      <button
        type="button"
        className={classes.license}
        tabIndex={tabIndex}
        data-verdict={verdict}
        aria-label={`${name}: ${t(`figures.license.${verdict}`)}. ${reason}`}
      >
        <span className={classes.name}>{name}</span>
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <path
            d={SHAPES[verdict]}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
            strokeLinecap="round"
          />
        </svg>
      </button>
    </Tooltip>
  )
}
