import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { AnchorLink } from '../../app/anchor-link.tsx'
import { MACHINE_PATH, MACHINE_SPEED_ANCHOR } from '../../app/routes.ts'
import { useMeasurements, useStores } from '../../app/use-stores.ts'
import { useUndoOffer } from '../../app/use-undoable-change.tsx'
import classes from './verdict.module.css'

/** One quiet line while this machine's speed was never measured; put away it stays away. */
export function SpeedOffer({ machine }: { readonly machine: Machine }) {
  const { t } = useTranslation()
  const { speedOffer } = useStores()
  const dismissed = useStore(speedOffer, (state) => state.dismissed)
  const measurements = useMeasurements()
  const offerUndo = useUndoOffer()
  if (machine.asIf || dismissed !== false || measurements === null) return null
  const fingerprint = machineFingerprint(machine)
  if (measurements.machines.some((speed) => speed.machine === fingerprint)) return null
  return (
    <div className={classes.offer}>
      <p>
        {t('verdict.offer')}{' '}
        <AnchorLink path={MACHINE_PATH} anchor={MACHINE_SPEED_ANCHOR}>
          {t('verdict.offerGo')}
        </AnchorLink>
      </p>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        onClick={() => {
          speedOffer.dismiss()
          offerUndo(t('verdict.offerDismissed'), speedOffer.offer)
        }}
      >
        {t('verdict.offerDismiss')}
      </Button>
    </div>
  )
}
