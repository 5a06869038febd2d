import { describe, expect, it } from 'vitest'
import { allocatorModels } from '../bench/allocator/allocator-record.ts'
import { askAllocator } from '../bench/allocator/ask-allocator.ts'
import { compareAllocator } from '../bench/allocator/compare-allocator.ts'
import { describeAllocator, errorStatistics } from '../bench/allocator/describe-allocator.ts'
import { readRecording } from '../bench/allocator/recording.ts'

const { failures, records } = readRecording()

describe('closed form against llama.cpp’s allocator', () => {
  it('knows every model of the catalogue that llama.cpp has an architecture for', () => {
    const answered = [...records, ...failures].map(({ model }) => model)
    expect(answered.toSorted()).toEqual(allocatorModels.map(({ id }) => id).toSorted())
  })

  it('errs by 0.5 % of the plan’s total at the median and by 3 % at the worst', () => {
    const comparison = compareAllocator(records)
    console.log(describeAllocator(comparison, failures))
    const { median, worst } = errorStatistics(comparison.errors)
    expect(median).toBeLessThanOrEqual(0.005)
    expect(Math.abs(worst.error)).toBeLessThanOrEqual(0.03)
  })

  it('stands on what the bundled llama.cpp says today, to the byte', { timeout: 240_000 }, async () => {
    const oneOfEach = allocatorModels.filter(
      ({ architecture }, index) =>
        allocatorModels.findIndex((other) => other.architecture.gguf === architecture.gguf) === index,
    )
    const names = new Set<string>(oneOfEach.map(({ id }) => id))
    const live = await askAllocator([...names])
    expect(live.records).toEqual(records.filter(({ model }) => names.has(model)))
    expect(live.failures.map(({ model }) => model)).toEqual(
      failures.filter(({ model }) => names.has(model)).map(({ model }) => model),
    )
  })
})
