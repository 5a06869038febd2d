import { useTranslation } from 'react-i18next'
import { CopyButton } from '../copy-button/copy-button.tsx'
import classes from './state-message.module.css'

/** The technical part of an error: closed until asked for, copyable as it is. */
export function TechnicalPart({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  return (
    <details className={classes.technical}>
      <summary>{t('frame.technical')}</summary>
      <pre className={classes.text} tabIndex={0}>
        {text}
      </pre>
      <CopyButton label={t('frame.copyTechnical')} read={() => Promise.resolve(text)} />
    </details>
  )
}
