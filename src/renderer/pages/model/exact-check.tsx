import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '#core/figure/format-figure.ts'
import type { AskablePlan } from '../../app/askable-plan.ts'
import { InlineFailure } from '../../components/state-message/inline-failure.tsx'
import classes from './plan-memory.module.css'
import { useExactCheck } from './use-exact-check.ts'
import type { ExactCheckState } from './use-exact-check.ts'

/** Asks llama.cpp's own allocator how much memory the plan takes; its answer replaces the estimates where they stand. */
export function ExactCheck({ askable }: { readonly askable: AskablePlan }) {
  const { t } = useTranslation()
  const { state, check } = useExactCheck(askable)
  const { refused } = askable
  const isOff = refused !== null || state.kind === 'exact'
  return (
    <div className={classes.check}>
      <Button
        size="compact-sm"
        variant="default"
        loading={state.kind === 'checking'}
        // Disabled for people, not for the keyboard: the reason beside it must be found.
        aria-disabled={isOff}
        data-disabled={isOff}
        aria-describedby="exact-check-state"
        onClick={() => (isOff ? undefined : check())}
      >
        {t('model.checkExactly')}
      </Button>
      <p id="exact-check-state" className={classes.checkState} role="status">
        {refused === null ? <CheckState state={state} /> : t(`model.notAskable.${refused}`)}
      </p>
      {state.kind === 'failed' ? <InlineFailure failure={state.failure} /> : null}
    </div>
  )
}

function CheckState({ state }: { readonly state: ExactCheckState }) {
  const { t } = useTranslation()
  switch (state.kind) {
    case 'estimated':
      return t('model.checkHint')
    case 'checking':
      return t('model.checking')
    case 'exact':
      return state.seconds === 0
        ? t('model.exactFromCache', { release: state.release })
        : t('model.exact', { release: state.release, seconds: formatNumber(state.seconds) })
    case 'failed':
      return t('model.checkFailed')
  }
}
