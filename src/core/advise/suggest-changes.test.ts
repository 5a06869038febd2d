import { describe, expect, it } from 'vitest'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES } from '../../../test/what-if-machines.ts'
import { advise } from '#core/advise/advise.ts'
import { DEFAULT_NEEDS, type Needs } from '#core/advise/needs.ts'
import type { ChangeHint } from '#core/advise/recommendation.ts'
import { formatFigureValue, formatSpeed } from '#core/figure/format-figure.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import { applyWhatIf } from '#core/machine/what-if.ts'

/** The machine of a hint as the app makes it, with a what-if. */
function machineWith(machine: Machine, hint: ChangeHint): Machine {
  if (hint.addMemoryBytes === undefined) return machine
  const whatIf = {
    gpus: [],
    vramBytes: null,
    ramBytes: null,
    cpuCores: null,
    backend: null,
    addedBytes: hint.addMemoryBytes,
  }
  const applied = applyWhatIf(machine, whatIf, catalogue.accelerators)
  if (applied.kind === 'error') throw new Error(applied.message)
  return applied.machine
}

const ASKED: readonly Partial<Needs>[] = [
  {},
  { users: 4 },
  { contextTokens: 131_072 },
  { useCase: 'code', license: 'commercial' },
]

describe('what would change the answer', () => {
  it.each(
    Object.entries(WHAT_IF_MACHINES).flatMap(([name, machine]) =>
      ASKED.map((needs) => [name, JSON.stringify(needs), machine, needs] as const),
    ),
  )('leads, once applied, to the plan it names, to the digit: %s %s', (_name, _needs, machine, asked) => {
    const needs = { ...DEFAULT_NEEDS, ...asked }
    for (const hint of advise({ machine, needs, catalogue }).wouldChange) {
      if (hint.text.endsWith('would leave nothing that fits well.')) continue
      const after = advise({
        machine: machineWith(machine, hint),
        needs: { ...needs, ...hint.needs },
        catalogue,
      })
      const best = after.recommendations.find(({ roles }) => roles.includes('best-quality'))
      if (best === undefined) throw new Error(`nothing after: ${hint.text}`)
      expect(hint.text).toContain(best.model.name)
      if (!isKnown(best.quality)) throw new Error(`the quality of ${best.model.name} is not known`)
      expect(hint.text).toContain(`quality ${formatFigureValue(best.quality)}`)
      const gain = /would allow .*quality (\d+) instead of (\d+)/.exec(hint.text)
      if (gain !== null) expect(Number(gain[1])).toBeGreaterThan(Number(gain[2]))
      const speed = / at ([\d.,]+) tok\/s/.exec(hint.text)?.[1]
      if (speed !== undefined && after.needs.users === 1)
        expect(speed).toBe(formatSpeed(best.plan.decode.value ?? Number.NaN))
    }
  })
})
