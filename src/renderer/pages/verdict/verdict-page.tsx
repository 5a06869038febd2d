import { useTranslation } from 'react-i18next'
import { useAdvice, useChosenMachine } from '../../app/use-advice.ts'
import { useMachineState } from '../../app/use-stores.ts'
import { usePageTitle } from '../../app/use-page-title.ts'
import { ScanFailed } from '../../components/scan-failed/scan-failed.tsx'
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
  if (advice !== null) return <VerdictAnswer advice={advice} />
  if (lost !== null) {
    return <StateMessage title={t('verdict.waitingTitle')} sentence={t('verdict.waitingSentence')} />
  }
  if (machine === null && scan.kind === 'failed') return <ScanFailed failure={scan.failure} />
  return <VerdictSkeleton pendingTools={scan.kind === 'scanning' ? scan.pendingTools : []} />
}
