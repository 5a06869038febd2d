import { expect, it } from 'vitest'
import { durationRangeText, durationText } from './duration-text.ts'

it.each([
  [0.2, '1 s'],
  [40.1, '41 s'],
  [119, '119 s'],
  [180, '3 min'],
  [18_000, '5 h'],
])('says %d seconds as people do', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

it.each([
  [8, 24, '8–24 s'],
  [0, 0.4, '1 s'],
  [50, 300, '1–5 min'],
  [5580, 16_800, '2–5 h'],
])('says an expected time of %d to %d seconds in one unit', (low, high, text) => {
  expect(durationRangeText(low, high)).toBe(text)
})
