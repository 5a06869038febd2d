import { IconFileAlert } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../app/use-advice.ts'
import { useAppInfo } from '../../app/use-stores.ts'
import classes from './machine.module.css'

/** The user's own models and accelerators: how many there are, where they go, and entries that could not be used. */
export function OwnRecords() {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const info = useAppInfo()
  if (catalogue === null || info === null) return null
  const models = catalogue.models.filter((model) => model.origin === 'user').length
  const accelerators = catalogue.accelerators.filter((spec) => spec.origin === 'user').length
  return (
    <section aria-label={t('machine.own')} className={classes.section}>
      <h2>{t('machine.own')}</h2>
      <p className={classes.paragraph}>
        {models + accelerators === 0
          ? t('machine.ownNone')
          : `${t('machine.ownCount', {
              models: t('machine.ownModels', { count: models }),
              accelerators: t('machine.ownAccelerators', { count: accelerators }),
            })} ${t('machine.ownFolder')}`}{' '}
        <code>{info.userFolder}</code>
      </p>
      <ul className={classes.warnings}>
        {catalogue.problems.map((problem) => (
          <li key={`${problem.file} ${problem.line} ${problem.message}`} className={classes.warning}>
            <IconFileAlert size={16} aria-hidden="true" className={classes.warningIcon} />
            <span>
              <code>{problem.line === null ? problem.file : `${problem.file}:${problem.line}`}</code>{' '}
              {problem.message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
