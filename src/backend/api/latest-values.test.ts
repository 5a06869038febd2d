import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { latestValues } from '#backend/api/latest-values.ts'

async function read<Value>(source: AsyncIterable<Value>, each: () => Promise<void> = async () => undefined) {
  const seen: Value[] = []
  for await (const value of source) {
    seen.push(value)
    await each()
  }
  return seen
}

it('yields what is pushed, the last value included, and ends with the work', async () => {
  const values = latestValues<number>()
  const work = (async () => {
    for (const value of [1, 2, 3]) {
      values.push(value)
      await sleep(2)
    }
    values.push(4)
  })()
  expect(await read(values.until(work))).toEqual([1, 2, 3, 4])
})

it('skips values for a slow reader, never the last', async () => {
  const values = latestValues<number>()
  const work = (async () => {
    for (let value = 1; value <= 20; value++) {
      values.push(value)
      await sleep(1)
    }
  })()
  const seen = await read(values.until(work), () => sleep(15))
  expect(seen.length).toBeLessThan(20)
  expect(seen.at(-1)).toBe(20)
})

it('ends when the work fails or is already done, leaving the failure to whoever awaits it', async () => {
  const failed = Promise.reject(new Error('no'))
  expect(await read(latestValues<number>().until(failed))).toEqual([])
  await expect(failed).rejects.toThrow('no')
  expect(await read(latestValues<number>().until(Promise.resolve()))).toEqual([])
})
