import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { describeMachine } from '#core/machine/describe-machine.ts'
import { useChosenMachine } from '../../app/use-advice.ts'
import { useMachineState, useStores } from '../../app/use-stores.ts'
import { usePageTitle } from '../../app/use-page-title.ts'
import { CopyButton } from '../../components/copy-button/copy-button.tsx'
import { PageHead } from '../../components/page-head/page-head.tsx'
import { ScanFailed } from '../../components/scan-failed/scan-failed.tsx'
import { StateMessage } from '../../components/state-message/state-message.tsx'
import { withFreeMemory } from '#core/machine/with-free-memory.ts'
import { MachineAccelerators } from './machine-accelerators.tsx'
import { MachineFacts } from './machine-facts.tsx'
import { MachinePools } from './machine-pools.tsx'
import { MachineSkeleton } from './machine-skeleton.tsx'
import { MachineWarnings } from './machine-warnings.tsx'
import { OwnRecords } from './own-records.tsx'
import { ScanProgress } from './scan-progress.tsx'
import classes from './machine.module.css'

const MeasuredSections = lazy(async () => ({
  default: (await import('./measured/measured-sections.tsx')).MeasuredSections,
}))

/** What was found on this machine, drawn as the pools of memory a model can use. */
export function MachinePage() {
  const { t } = useTranslation()
  usePageTitle(t('machine.title'))
  const chosen = useChosenMachine()
  const scan = useMachineState((state) => state.scan)
  const lost = useMachineState((state) => state.lost)
  const freeMemory = useMachineState((state) => state.freeMemory)
  const stores = useStores()
  if (chosen === null) {
    if (lost !== null) {
      return <StateMessage title={t('verdict.waitingTitle')} sentence={t('machine.waitingSentence')} />
    }
    if (scan.kind === 'failed') return <ScanFailed failure={scan.failure} />
    return <MachineSkeleton pendingTools={scan.kind === 'scanning' ? scan.pendingTools : []} />
  }
  const machine = withFreeMemory(chosen, freeMemory)
  return (
    <div className={classes.page}>
      <PageHead
        title={t('machine.title')}
        actions={
          <div className={classes.buttons}>
            <ScanAgain />
            <CopyButton label={t('machine.copyReport')} read={() => stores.client.machine.doctor()} />
          </div>
        }
      >
        <p className={classes.summary}>{describeMachine(machine)}</p>
        {machine.asIf ? <p className={classes.asIf}>{t('machine.asIfNote')}</p> : null}
        <ScanProgress />
      </PageHead>
      <MachineWarnings warnings={machine.warnings} />
      <MachinePools machine={machine} live={freeMemory !== null && !machine.asIf} />
      <MachineAccelerators machine={machine} />
      <MachineFacts machine={machine} />
      <Suspense fallback={null}>
        <MeasuredSections machine={chosen} />
      </Suspense>
      <OwnRecords />
    </div>
  )
}

function ScanAgain() {
  const { t } = useTranslation()
  const stores = useStores()
  const scanning = useMachineState((state) => state.scan.kind === 'scanning')
  return (
    <Button
      leftSection={<IconRefresh size={16} />}
      loading={scanning}
      onClick={() => void stores.machine.scanAgain()}
    >
      {t('machine.scanAgain')}
    </Button>
  )
}
