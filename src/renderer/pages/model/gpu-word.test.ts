// @vitest-environment node
import { expect, it } from 'vitest'
import { shippedCatalogue } from '../../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES } from '../../../../test/what-if-machines.ts'
import { applyWhatIf } from '#core/machine/what-if.ts'
import { readWhatIfText, writeWhatIfText } from '../../stores/what-if-text.ts'
import { gpuWord } from './gpu-word.ts'

it('every accelerator that is offered is found again, straight and through a link', () => {
  const [machine] = Object.values(WHAT_IF_MACHINES)
  if (machine === undefined) throw new Error('no machine to change')
  const lost = shippedCatalogue.accelerators.filter((spec) => {
    const whatIf = { gpus: [gpuWord(spec)], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }
    const applied = applyWhatIf(machine, whatIf, shippedCatalogue.accelerators)
    const found =
      applied.kind === 'ok' && applied.machine.accelerators.some(({ specId }) => specId === spec.id)
    expect(readWhatIfText(writeWhatIfText(whatIf))).toEqual(whatIf)
    return !found
  })
  expect(lost.map(({ name }) => name)).toEqual([])
})
