import type { Machine } from '#core/machine/machine.ts'
import { MachineSpeedSection } from './machine-speed-section.tsx'
import { MeasurementsSection } from './measurements-section.tsx'

/** What was measured: how fast the machine is, and every measured run kept. */
export function MeasuredSections({ machine }: { readonly machine: Machine }) {
  return (
    <>
      <MachineSpeedSection machine={machine} />
      <MeasurementsSection />
    </>
  )
}
