import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import type { SessionStore } from '../../../stores/session-store.ts'
import { useAsking } from '../use-asking.ts'
import classes from './conversation.module.css'

interface SessionFailureProps {
  readonly session: SessionStore
  readonly canForce: boolean
}

/** Why a model is not loaded, and the ways on. */
export function SessionFailure({ session, canForce }: SessionFailureProps) {
  const { t } = useTranslation()
  const { force, loadAgain } = useAsking()
  const state = useStore(session)
  if (state.kind !== 'failed') return null
  return (
    <div className={classes.failed}>
      <InlineFailure failure={state.failure} />
      <div className={classes.actions}>
        <Button size="sm" variant="default" onClick={loadAgain}>
          {t('smoke.tryAgain')}
        </Button>
        {state.canForce && canForce ? (
          <Button size="sm" variant="default" color="red" onClick={force}>
            {t('smoke.force')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}
