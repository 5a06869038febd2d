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
  const rest = [[2, 3, 4], [5, 6], []]
  let finish = (): void => undefined
  const work = new Promise<void>((resolve) => (finish = resolve))
  values.push(1)
  // While the reader is busy with one value, several more arrive.
  const seen = await read(values.until(work), async () => {
    const arriving = rest.shift() ?? []
    for (const value of arriving) values.push(value)
    if (arriving.length === 0) finish()
  })
  expect(seen).toEqual([1, 4, 6])
})

it('ends when the work fails or is already done, leaving the failure to whoever awaits it', async () => {
  const failed = Promise.reject(new Error('no'))
  expect(await read(latestValues<number>().until(failed))).toEqual([])
  await expect(failed).rejects.toThrow('no')
  expect(await read(latestValues<number>().until(Promise.resolve()))).toEqual([])
})
