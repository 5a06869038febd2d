import { useTranslation } from 'react-i18next'
import type { Failure } from '../../api/failure.ts'
import classes from './state-message.module.css'
import { TechnicalPart } from './technical-part.tsx'

/** A failure beside what failed: what happened, the next step, the technical part one click away. */
export function InlineFailure({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation()
  return (
    <div className={classes.inline} role="alert">
      <p>
        {failure.message} {failure.nextStep ?? t('frame.failureNext')}
      </p>
      <TechnicalPart text={failure.technical} />
    </div>
  )
}
