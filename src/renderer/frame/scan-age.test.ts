import { expect, it } from 'vitest'
import { scanAge } from './scan-age.ts'

const SCANNED = '2026-11-25T03:30:00Z'
const at = (seconds: number): number => Date.parse(SCANNED) + seconds * 1000

it.each([
  [-5, { kind: 'just-now' }],
  [59, { kind: 'just-now' }],
  [125, { kind: 'minutes', minutes: 2 }],
  [3599, { kind: 'minutes', minutes: 59 }],
])('%d seconds after the scan', (seconds, age) => {
  expect(scanAge(SCANNED, at(seconds))).toEqual(age)
})

it('gives the date once an hour has passed', () => {
  const age = scanAge(SCANNED, at(3600))
  expect(age.kind === 'date' ? age.when : age.kind).toMatch(/^2026-11-2\d \d\d:\d\d$/)
})
