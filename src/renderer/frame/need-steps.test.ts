import { expect, it } from 'vitest'
import { CONTEXT_STEPS, nearestStep, SPEED_STEPS } from './need-steps.ts'

it.each([
  [CONTEXT_STEPS, 8192, 8192],
  [CONTEXT_STEPS, 7000, 8192],
  [CONTEXT_STEPS, 1, 2048],
  [CONTEXT_STEPS, 1e9, 262_144],
  [SPEED_STEPS, 0, 0],
  [SPEED_STEPS, 12, 10],
])('the stop nearest by ratio: %j, %d', (steps, value, stop) => {
  expect(steps[nearestStep(steps, value)]).toBe(stop)
})
