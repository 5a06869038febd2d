import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAdvice, useChosenMachine } from '../../app/use-advice.ts'
import { useMachineState, useStores } from '../../app/use-stores.ts'
import { usePageTitle } from '../../app/use-page-title.ts'
import { StateMessage } from '../../components/state-message/state-message.tsx'
import { VerdictAnswer } from './verdict-answer.tsx'
import { VerdictSkeleton } from './verdict-skeleton.tsx'

/** The answer first: one sentence, three picks, what would change it. */
export function VerdictPage() {
  const { t } = useTranslation()
  usePageTitle(t('verdict.title'))
  const advice = useAdvice()
  const machine = useChosenMachine()
  const scan = useMachineState((state) => state.scan)
  const lost = useMachineState((state) => state.lost)
  const stores = useStores()
  if (advice !== null) return <VerdictAnswer advice={advice} />
  if (lost !== null) {
    return <StateMessage title={t('verdict.waitingTitle')} sentence={t('verdict.waitingSentence')} />
  }
  if (machine === null && scan.kind === 'failed') {
    return (
      <StateMessage
        title={t('verdict.failedTitle')}
        sentence={[scan.failure.message, scan.failure.nextStep ?? t('verdict.failedSentence')].join(' ')}
        technical={scan.failure.technical}
        action={<Button onClick={() => void stores.machine.scanAgain()}>{t('machine.scanAgain')}</Button>}
      />
    )
  }
  return <VerdictSkeleton pendingTools={scan.kind === 'scanning' ? scan.pendingTools : []} />
}
