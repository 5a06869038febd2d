import { expect, it } from 'vitest'
import { disturbanceWords, isDisturbed } from '#core/measure/disturbance.ts'
import type { Measurement } from '#core/measure/measurement.ts'

function run(
  backend: Measurement['engine']['backend'],
  mode: Measurement['plan']['mode'],
  othersBusyProcessors: number | null,
) {
  const engine = { backend } as Measurement['engine']
  const plan = { mode } as Measurement['plan']
  return { engine, plan, othersBusyProcessors }
}

it.each([
  ['cpu', 'cpu', 0.1, false],
  ['cpu', 'cpu', 1.2, true],
  ['cuda', 'gpu', 1.2, false],
  ['cuda', 'partial', 1.2, true],
  ['cpu', 'cpu', null, false],
] as const)('%s, %s, %s processors busy: disturbed %s', (backend, mode, busy, disturbed) => {
  expect(isDisturbed(run(backend, mode, busy))).toBe(disturbed)
})

it('says how many processors were taken and what to do', () => {
  expect(disturbanceWords(run('cpu', 'cpu', 1.24))).toMatch(/1\.2 processors.*again/)
  expect(disturbanceWords(run('cpu', 'cpu', 0))).toBeNull()
})
