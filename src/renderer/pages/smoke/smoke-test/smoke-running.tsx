import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStores } from '../../../app/use-stores.ts'
import { SMOKE_CHECKS } from '#core/smoke/smoke-record.ts'
import { formatSpeed } from '#core/figure/format-figure.ts'
import type { RunningSmoke } from '../../../stores/smoke-store.ts'
import { CheckList } from './check-list.tsx'
import classes from './smoke-test.module.css'

/** Loading and the bench each count as one step beside the checks. */
const STEPS = SMOKE_CHECKS.length + 2

/** A smoke test under way: its checks tick off, what the model says is read along. */
export function SmokeRunning({ state }: { readonly state: RunningSmoke }) {
  const { t } = useTranslation()
  const { smoke } = useStores()
  const { current, index, loadFraction, results, speeds, text, total } = state
  const loaded = current === 'loading' ? loadFraction : 1
  const done = loaded + results.length
  const prefill = speeds.prefill.at(-1)
  const decode = speeds.decode.at(-1)
  return (
    <>
      <p role="status">
        {total > 1 ? `${t('smoke.testOf', { index: index + 1, total })} ` : ''}
        <Step current={current} />
      </p>
      <Progress value={(done / STEPS) * 100} aria-label={t('smoke.testProgress')} transitionDuration={100} />
      <CheckList results={results} current={current} />
      {text === '' ? null : <p className={classes.speaking}>{text}</p>}
      {prefill === undefined ? null : <p>{t('smoke.benchPrefill', { speed: formatSpeed(prefill) })}</p>}
      {decode === undefined ? null : <p>{t('smoke.benchDecode', { speed: formatSpeed(decode) })}</p>}
      <Button size="sm" variant="default" className={classes.start} onClick={() => smoke.cancel()}>
        {t('smoke.cancel')}
      </Button>
    </>
  )
}

/** What is done now. */
function Step({ current }: { readonly current: RunningSmoke['current'] }) {
  const { t } = useTranslation()
  if (current === 'loading') return t('smoke.loading')
  if (current === 'bench') return t('smoke.benching')
  return t('smoke.checking', { check: t(`smoke.check.${current}`) })
}
