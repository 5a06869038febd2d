import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { MachineWarning } from '#core/machine/machine.ts'
import classes from './machine.module.css'

/** What the user should know about this scan, in plain words, with the tool that said it. */
export function MachineWarnings({ warnings }: { readonly warnings: readonly MachineWarning[] }) {
  const { t } = useTranslation()
  if (warnings.length === 0) return null
  return (
    <section aria-label={t('machine.warnings')} className={classes.section}>
      <h2>{t('machine.warnings')}</h2>
      <ul className={classes.warnings}>
        {warnings.map((warning) => (
          <li key={`${warning.code} ${warning.message}`} className={classes.warning}>
            <IconAlertTriangle size={16} aria-hidden="true" className={classes.warningIcon} />
            <span>
              {warning.message}
              {warning.source === null ? null : <span className="lighter"> ({warning.source})</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
