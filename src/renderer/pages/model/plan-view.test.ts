import { describe, expect, it } from 'vitest'
import { PLAIN_PLAN_VIEW, readPlanView, writePlanView } from './plan-view.ts'

describe('the address of the model page', () => {
  it('is empty while nothing is chosen', () => {
    expect(readPlanView('')).toEqual(PLAIN_PLAN_VIEW)
    expect(writePlanView(PLAIN_PLAN_VIEW)).toBe('')
  })

  it.each([
    'quant=Q4_K_M&context=32768&users=4&kv=q8_0&gpu-layers=20&flash=off',
    'gpu-layers=0',
    'measure=full',
  ])('survives being read and written: %s', (search) => {
    expect(writePlanView(readPlanView(search))).toBe(search)
  })

  it('leaves what is not its own in the address', () => {
    expect(writePlanView({ ...PLAIN_PLAN_VIEW, users: 2 }, 'needs=users%3A4&users=9&kv=q8_0')).toBe(
      'needs=users%3A4&users=2',
    )
  })

  it('takes nonsense as not said', () => {
    expect(readPlanView('context=-5&users=0&kv=f32&gpu-layers=all&flash=perhaps&measure=soon')).toEqual(
      PLAIN_PLAN_VIEW,
    )
    expect(readPlanView('context=1e9&users=2.5&gpu-layers=9999999999')).toEqual(PLAIN_PLAN_VIEW)
  })
})
