import { describe, expect, it } from 'vitest'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES } from '../../../test/what-if-machines.ts'
import { addMemory } from '#core/machine/add-memory.ts'
import { advise } from '#core/advise/advise.ts'
import { evaluateRecommendation } from '#core/advise/evaluate-recommendation.ts'
import { DEFAULT_NEEDS, type Needs } from '#core/advise/needs.ts'
import { bestQualityPlan } from '#core/advise/suggest-changes.ts'
import { formatFigure, formatFigureValue, formatMemory } from '#core/figure/format-figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

const machines = Object.entries(WHAT_IF_MACHINES)

function machineNamed(name: string): Machine {
  const machine = WHAT_IF_MACHINES[name]
  if (machine === undefined) throw new Error(`no such machine: ${name}`)
  return machine
}

function model(id: string): Model {
  const found = catalogue.models.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no such model: ${id}`)
  return found
}

function quantization(id: string): Quantization {
  const found = catalogue.quantizations.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no such quantization: ${id}`)
  return found
}

function ask(machine: Machine, needs: Partial<Needs> = {}) {
  return advise({ machine, needs: { ...DEFAULT_NEEDS, ...needs }, catalogue })
}

describe('reasons', () => {
  it.each(machines)('carry the numbers of the plan they explain: %s', (_name, machine) => {
    for (const { plan, quality, agreement, reasons } of ask(machine).recommendations) {
      const [memory, speed, grade] = reasons
      expect(memory).toContain('GiB usable')
      expect(speed).toContain(formatFigure(plan.decode))
      expect(grade).toContain(quality.value === null ? quality.reason.slice(1) : formatFigure(quality))
      expect(grade).toContain(agreement.value === null ? agreement.reason : formatFigureValue(agreement))
    }
  })

  it('say so when a plan does not fit, and what would hold it', () => {
    const { reasons, improvements, plan } = evaluateRecommendation({
      machine: machineNamed('8 GB laptop GPU'),
      model: model('Qwen/Qwen2.5-72B-Instruct'),
      quantization: quantization('Q4_K_M'),
      needs: DEFAULT_NEEDS,
      catalogue,
    })
    expect(plan.fit).toBe('no')
    expect(reasons[0]).toBe(
      `Does not fit with 8k tokens of context: ${formatMemory(plan.missingBytes)} are lacking.`,
    )
    expect(improvements[0]).toMatch(/^\d+ GiB more VRAM would hold it/)
  })

  it('name the range of similar models where a model has no scores', () => {
    const { reasons } = evaluateRecommendation({
      machine: machineNamed('RTX 4090'),
      model: model('allenai/Olmo-3-32B-Think'),
      quantization: quantization('Q4_K_M'),
      needs: DEFAULT_NEEDS,
      catalogue,
    })
    expect(reasons[2]).toMatch(/^No published scores \(similar models: 73 \(63–81\)\)/)
  })
})

describe('improvements', () => {
  const claims = machines.flatMap(([name, machine]) =>
    ask(machine).recommendations.flatMap((recommendation) =>
      recommendation.improvements.flatMap((text) => {
        const match = /^(\d+) GiB more [\w ]+ would allow ([\w-]+):/.exec(text)
        return match === null
          ? []
          : [{ name, recommendation, gibibytes: Number(match[1]), quantizationId: match[2] ?? '' }]
      }),
    ),
  )

  it('are made for real plans', () => {
    expect(claims.length).toBeGreaterThan(10)
  })

  it('hold when the memory is really added, and are not true without it', () => {
    for (const { name, recommendation, gibibytes, quantizationId } of claims) {
      const machine = machineNamed(name)
      const evaluate = (on: Machine) =>
        evaluateRecommendation({
          machine: on,
          model: model(recommendation.model.id),
          quantization: quantization(quantizationId),
          needs: DEFAULT_NEEDS,
          catalogue,
          engine: recommendation.plan.engine,
        })
      const after = evaluate(addMemory(machine, gibibytesToBytes(gibibytes)).machine)
      const before = evaluate(machine)
      expect(after.plan.fit).toBe('fits')
      const wholeBefore =
        before.plan.fit === 'fits' && before.plan.placement.mode === recommendation.plan.placement.mode
      // Without the memory it does not run whole, or not at a speed worth calling an improvement.
      const least = Math.max(DEFAULT_NEEDS.minTokensPerSecond, 0.6 * (recommendation.plan.decode.value ?? 0))
      const fastBefore = (before.plan.decode.value ?? 0) >= least
      expect(wholeBefore && fastBefore).toBe(false)
    }
  })
})

describe('what would change the answer', () => {
  it.each(machines)('holds for more memory too: %s', (_name, machine) => {
    const advice = ask(machine)
    const hint = advice.wouldChange.find((each) => each.addMemoryBytes !== undefined)
    if (hint === undefined) return
    const input = { machine, needs: DEFAULT_NEEDS, catalogue }
    const before = bestQualityPlan(input, 0)
    const after = bestQualityPlan(
      { ...input, machine: addMemory(machine, hint.addMemoryBytes ?? 0).machine },
      0,
    )
    expect(after?.qualityAfterLoss ?? 0).toBeGreaterThan((before?.qualityAfterLoss ?? 0) + 2)
    expect(hint.text).toContain(after?.model.name)
  })
})

describe('the verdict', () => {
  it('names the first recommendation with its numbers', () => {
    const { verdict, recommendations } = ask(machineNamed('RTX 4090'))
    const first = recommendations[0]
    if (first === undefined) throw new Error('nothing recommended')
    expect(first.roles).toContain('best-balance')
    expect(verdict).toMatch(/^Yes: /)
    expect(verdict).toContain(`${first.model.name} at ${first.plan.quantizationId}`)
    expect(verdict).toContain(formatFigure(first.plan.decode))
  })

  it('does not call a weak model an answer', () => {
    expect(ask(machineNamed('4 GB, CPU only')).verdict).toMatch(/^Yes, but only a weak model: /)
  })

  it('says what cannot be told rather than no', () => {
    const unread: Machine = {
      ...machineNamed('16 GB, CPU only'),
      memory: {
        totalBytes: null,
        freeBytes: null,
        limitBytes: null,
        limitUsedBytes: null,
        bandwidthBytesPerSecond: null,
      },
    }
    expect(ask(unread).verdict).toMatch(/^Not known: the memory of this machine could not be read/)
  })

  it('says no with the way out when too much is asked', () => {
    const { verdict, wouldChange } = ask(machineNamed('RTX 4090'), { minTokensPerSecond: 3000 })
    expect(verdict).toMatch(/^No: what fits writes less than 3,000 tok\/s\. Accepting /)
    expect(wouldChange[0]?.needs?.minTokensPerSecond).toBeLessThan(3000)
  })
})
