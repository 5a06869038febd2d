import { useTranslation } from 'react-i18next'
import { describeMachine } from '#core/machine/describe-machine.ts'
import { useChosenMachine } from '../app/use-advice.ts'
import { MachineEditor } from './machine-editor.tsx'
import { NeedsChip } from './needs-chip.tsx'

/** Which machine everything is computed for; opens the choice of another. */
export function MachineChip() {
  const { t } = useTranslation()
  const machine = useChosenMachine()
  const asIf = machine?.asIf === true
  const value = asIf
    ? describeMachine(machine)
    : t('needs.thisMachineIs', {
        machine: machine === null ? t('needs.machineWaiting') : describeMachine(machine),
      })
  return (
    <NeedsChip name={t('needs.machineEditor')} value={value} tone="machine" width={400}>
      {(close) => <MachineEditor onDone={close} />}
    </NeedsChip>
  )
}
