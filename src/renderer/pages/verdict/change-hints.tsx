import { Anchor } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ChangeHint } from '#core/advise/recommendation.ts'
import { useUndoableChange } from '../../app/use-undoable-change.tsx'
import { useStores } from '../../app/use-stores.ts'
import { applyHint } from '../../stores/apply-hint.ts'
import classes from './verdict.module.css'

interface ChangeHintsProps {
  readonly hints: readonly ChangeHint[]
}

/** What would change the answer; each line applies itself and can be undone. */
export function ChangeHints({ hints }: ChangeHintsProps) {
  const { t } = useTranslation()
  const stores = useStores()
  const change = useUndoableChange()
  if (hints.length === 0) return null
  return (
    <section className={classes.changes} aria-label={t('verdict.wouldChange')}>
      <h2 className={classes.heading}>{t('verdict.wouldChange')}</h2>
      <ul>
        {hints.map((hint) => (
          <li key={hint.text} className={classes.change}>
            <IconArrowRight size={16} aria-hidden="true" />
            <Anchor
              component="button"
              type="button"
              onClick={() =>
                change(t('verdict.applied', { change: hint.text }), () => applyHint(hint, stores))
              }
            >
              {hint.text}
            </Anchor>
          </li>
        ))}
      </ul>
    </section>
  )
}
