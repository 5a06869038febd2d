import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Needs } from '#core/advise/needs.ts'
import { licenseVerdict } from '#core/license/license.ts'
import type { License } from '#core/license/license.ts'
import classes from './license-card.module.css'

interface LicenseCardProps {
  /** As the model record names it. */
  readonly licenseId: string
  readonly license: License | null
  readonly needs: Needs
}

/** The licence, whether it meets the need, and what it asks. */
export const LicenseCard = memo(function LicenseCard({ licenseId, license, needs }: LicenseCardProps) {
  const { t } = useTranslation()
  const { verdict, reason, duties } = licenseVerdict(license, needs.license)
  return (
    <section className={classes.card}>
      <h2 className={classes.heading}>
        {t('model.license')}: {license?.name ?? licenseId}
      </h2>
      <p className={classes.reason} data-verdict={verdict}>
        <strong>{t(`model.licenseVerdict.${verdict}`)}</strong> {reason}
      </p>
      {duties.length === 0 ? null : (
        <ul className={classes.duties}>
          {duties.map((duty) => (
            <li key={duty}>{duty}</li>
          ))}
        </ul>
      )}
      {license?.url === null || license === null ? null : (
        <a href={license.url} target="_blank" rel="noreferrer">
          {t('model.licenseText')}
        </a>
      )}
    </section>
  )
})
