import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES, whatIfMachine } from '../../../test/what-if-machines.ts'
import { advise } from '#core/advise/advise.ts'
import { FASTEST_QUALITY_GAP_POINTS } from '#core/advise/choose-picks.ts'
import { evaluateRecommendation } from '#core/advise/evaluate-recommendation.ts'
import { findSuccessor } from '#core/advise/find-successor.ts'
import { DEFAULT_NEEDS, USE_CASES, type Needs } from '#core/advise/needs.ts'
import { rankPlans } from '#core/advise/rank-plans.ts'
import type { Advice, Recommendation } from '#core/advise/recommendation.ts'
import { isKnown } from '#core/figure/figure.ts'
import { findLicense, licenseVerdict } from '#core/license/license.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'

const machines = Object.entries(WHAT_IF_MACHINES)

function machineNamed(name: string): Machine {
  const machine = WHAT_IF_MACHINES[name]
  if (machine === undefined) throw new Error(`no such machine: ${name}`)
  return machine
}

function modelOf(recommendation: Recommendation): Model {
  const model = catalogue.models.find((each) => each.id === recommendation.model.id)
  if (model === undefined) throw new Error(`not in the catalogue: ${recommendation.model.id}`)
  return model
}

/** Everything that is recommended, not only what is shown. */
function adviseAll(machine: Machine, needs: Partial<Needs> = {}): Advice {
  return advise({ machine, needs: { ...DEFAULT_NEEDS, ...needs }, catalogue, limit: 1000 })
}

function pick(advice: Advice, role: string): Recommendation | undefined {
  return advice.recommendations.find((each) => each.roles.some((own) => own === role))
}

describe.each(machines)('on %s', (_name, machine) => {
  it.each(USE_CASES)('recommends for %s only what fits, is made for it and meets the needs', (useCase) => {
    const advice = adviseAll(machine, { useCase })
    for (const recommendation of advice.recommendations) {
      const { plan } = recommendation
      const model = modelOf(recommendation)
      expect(plan.fit).not.toBe('no')
      expect(plan.missingBytes).toBe(0)
      expect(model.kind).not.toBe('base')
      expect(model.kind === 'embedding').toBe(useCase === 'embedding')
      expect(useCase !== 'vision' || model.modalities.includes('image')).toBe(true)
      expect(model.nativeContextTokens).toBeGreaterThanOrEqual(plan.contextTokens)
      const speed = useCase === 'embedding' ? plan.prefill : plan.decode
      expect(speed.value ?? Infinity).toBeGreaterThanOrEqual(DEFAULT_NEEDS.minTokensPerSecond)
      expect(findSuccessor(model, useCase, catalogue)).toBeNull()
      expect(recommendation.reasons.length).toBeGreaterThanOrEqual(2)
      expect(recommendation.reasons.length).toBeLessThanOrEqual(3)
    }
  })

  it('names one best quantization per model and every model once', () => {
    const advice = adviseAll(machine)
    const ids = advice.recommendations.map((each) => each.model.id)
    expect(new Set(ids).size).toBe(ids.length)
    const rejected = Object.values(advice.rejected).reduce((sum, count) => sum + count, 0)
    expect(ids.length + rejected).toBe(catalogue.models.length)
  })

  it('never names a model without published scores best, and sorts it behind those with scores', () => {
    const { recommendations } = adviseAll(machine)
    const unscored = recommendations.map((each) => !isKnown(each.quality))
    expect(unscored).toEqual(unscored.toSorted((a, b) => Number(a) - Number(b)))
    expect(recommendations.filter((each) => !isKnown(each.quality) && each.roles.length > 0)).toEqual([])
  })

  it('gives each role once, the fastest being good and the best being best', () => {
    const advice = adviseAll(machine)
    const best = pick(advice, 'best-quality')
    const fastest = pick(advice, 'fastest')
    const expected = advice.recommendations.length === 0 ? 0 : 1
    for (const role of ['best-quality', 'best-balance', 'fastest'] as const) {
      expect(advice.recommendations.filter((each) => each.roles.includes(role))).toHaveLength(expected)
    }
    // The gap is between points after loss, and thin figures count with the lower end: four points of leeway.
    expect((best?.quality.value ?? 0) - (fastest?.quality.value ?? 0)).toBeLessThan(
      FASTEST_QUALITY_GAP_POINTS + 4,
    )
    expect(fastest?.plan.decode.value ?? 0).toBeGreaterThanOrEqual(best?.plan.decode.value ?? 0)
    expect([best, fastest].filter((each) => each?.onParetoFront === false)).toEqual([])
  })

  it('never prefers a tight plan, nor one below three bits, where another pick fits well', () => {
    const { recommendations } = adviseAll(machine)
    const picks = recommendations.filter((each) => each.roles.length > 0)
    const someFit = recommendations.some((each) => each.plan.fit === 'fits' && isKnown(each.quality))
    expect(picks.filter((each) => someFit && each.plan.fit !== 'fits')).toEqual([])
    expect(picks.filter((each) => !isKnown(each.agreement))).toEqual([])
  })

  it('answers the same twice, and the same plan alone as in the list', () => {
    const advice = adviseAll(machine)
    expect(adviseAll(machine)).toEqual(advice)
    for (const listed of advice.recommendations.slice(0, 5)) {
      const quantization = catalogue.quantizations.find((each) => each.id === listed.plan.quantizationId)
      if (quantization === undefined) throw new Error('no such quantization')
      const alone = evaluateRecommendation({
        machine,
        model: modelOf(listed),
        quantization,
        needs: DEFAULT_NEEDS,
        catalogue,
        engine: listed.plan.engine,
      })
      expect({ ...alone, roles: listed.roles, onParetoFront: listed.onParetoFront }).toEqual(listed)
    }
  })

  it('proposes changes that really change the answer', () => {
    const advice = adviseAll(machine)
    expect(advice.wouldChange.length).toBeLessThanOrEqual(3)
    for (const hint of advice.wouldChange) {
      if (hint.needs === undefined) continue
      const after = adviseAll(machine, hint.needs)
      expect(pick(after, 'best-quality')?.model.id).not.toBe(pick(advice, 'best-quality')?.model.id)
    }
  })
})

describe('the picks a person would expect', () => {
  it('says no where nothing fits, why, and what would help', () => {
    const advice = adviseAll(machineNamed('nothing fits'))
    expect(advice.recommendations).toEqual([])
    expect(advice.verdict).toMatch(/^No: no suitable model fits/)
    expect(advice.wouldChange.some((hint) => hint.addMemoryBytes !== undefined)).toBe(true)
  })

  it('does not give a 24 GB card a large model at 3 bits over a good one at 4 bits or more', () => {
    for (const each of adviseAll(machineNamed('RTX 4090')).recommendations.filter(
      (one) => one.roles.length > 0,
    )) {
      expect(each.plan.placement.mode).toBe('gpu')
      expect(each.agreement.value).toBeGreaterThan(92)
    }
  })

  it('plans MLX on Apple only', () => {
    const engines = (name: string) =>
      new Set(adviseAll(machineNamed(name)).recommendations.map((each) => each.plan.engine))
    expect(engines('M4 Max, 36 GB')).toContain('mlx')
    expect(engines('RTX 4090')).toEqual(new Set(['llama.cpp']))
  })

  it('keeps a model in the format it was trained in', () => {
    const gptOss = adviseAll(machineNamed('RTX 4090')).recommendations.filter((each) =>
      each.model.id.startsWith('openai/gpt-oss'),
    )
    expect(gptOss.length).toBeGreaterThan(0)
    for (const each of gptOss) expect(each.plan.quantizationId).toBe('MXFP4')
  })

  it('passes markup in a name through as text', () => {
    const hostile = catalogue.models.map((model) => ({
      ...model,
      name: `<img src=x onerror=alert(1)>${model.name}`,
    }))
    const advice = advise({
      machine: machineNamed('RTX 4090'),
      needs: DEFAULT_NEEDS,
      catalogue: { ...catalogue, models: hostile },
    })
    expect(advice.verdict).toContain('<img src=x onerror=alert(1)>')
    expect(advice.recommendations[0]?.model.name).toMatch(/^<img/)
  })

  it('recommends a superseded model only when asked', () => {
    const machine = machineNamed('RTX 4090')
    const usual = adviseAll(machine)
    const asked = adviseAll(machine, { includeSuperseded: true })
    expect(usual.rejected.superseded).toBeGreaterThan(0)
    expect(asked.rejected.superseded).toBeUndefined()
    expect(asked.recommendations.length).toBeGreaterThan(usual.recommendations.length)
  })

  it('recommends no file larger than allowed, and says so', () => {
    const advice = adviseAll(machineNamed('RTX 4090'), { maxFileBytes: 5e9 })
    for (const each of advice.recommendations) expect(each.plan.fileBytes.value).toBeLessThanOrEqual(5e9)
    expect(advice.rejected['file-too-large']).toBeGreaterThan(0)
  })
})

describe('properties', () => {
  const needsArbitrary = fc.record({
    useCase: fc.constantFrom(...USE_CASES),
    contextTokens: fc.constantFrom(2048, 8192, 32768, 131072),
    users: fc.constantFrom(1, 4),
    minTokensPerSecond: fc.constantFrom(1, 5, 20),
    license: fc.constantFrom('any' as const, 'commercial' as const, 'permissive' as const),
  })
  const machineArbitrary = fc.constantFrom(...machines.map(([, machine]) => machine))

  it('more VRAM never lowers the best quality, nor takes a model away', () => {
    fc.assert(
      fc.property(fc.constantFrom(8, 12, 16, 24), needsArbitrary, (vram, change) => {
        const needs: Needs = { ...DEFAULT_NEEDS, ...change }
        const rank = (gibibytes: number) =>
          rankPlans({ machine: whatIfMachine(['RTX 4090'], 32, gibibytes), needs, catalogue }).plans
        const before = rank(vram)
        const after = rank(vram * 2)
        const kept = new Set(after.map((plan) => plan.model.id))
        expect(before.filter((plan) => !kept.has(plan.model.id)).map((plan) => plan.model.id)).toEqual([])
        const best = (plans: typeof before) => Math.max(0, ...plans.map((plan) => plan.quality.points))
        expect(best(after)).toBeGreaterThanOrEqual(best(before))
      }),
      { numRuns: 20 },
    )
  })

  it('stricter needs never add a model', () => {
    fc.assert(
      fc.property(machineArbitrary, needsArbitrary, (machine, change) => {
        const needs: Needs = { ...DEFAULT_NEEDS, ...change }
        const ids = (more: Partial<Needs>) =>
          rankPlans({ machine, needs: { ...needs, ...more }, catalogue }).plans.map((plan) => plan.model.id)
        const loose = new Set(ids({}))
        for (const stricter of [
          { minTokensPerSecond: needs.minTokensPerSecond * 3 },
          { contextTokens: needs.contextTokens * 2 },
          { users: needs.users * 4 },
          { license: 'permissive' as const },
          { maxFileBytes: 8e9 },
        ]) {
          expect(ids(stricter).filter((id) => !loose.has(id))).toEqual([])
        }
      }),
      { numRuns: 25 },
    )
  })

  it('a commercial need never shows a license that forbids it', () => {
    fc.assert(
      fc.property(machineArbitrary, needsArbitrary, (machine, change) => {
        const { plans } = rankPlans({
          machine,
          needs: { ...DEFAULT_NEEDS, ...change, license: 'commercial' },
          catalogue,
        })
        for (const { model } of plans) {
          const { verdict } = licenseVerdict(findLicense(model.license, catalogue.licenses), 'commercial')
          expect(['allow', 'conditions']).toContain(verdict)
        }
      }),
      { numRuns: 20 },
    )
  })
})
