import { allocatorModels } from './allocator-record.ts'
import { askAllocator } from './ask-allocator.ts'
import { compareAllocator } from './compare-allocator.ts'
import { describeAllocator } from './describe-allocator.ts'

/** Asks llama.cpp's allocator about the whole catalogue and prints the error of the closed form. */
export async function runAllocatorBench(): Promise<void> {
  const start = performance.now()
  const { failures, records } = await askAllocator(allocatorModels.map(({ id }) => id))
  const seconds = (performance.now() - start) / 1000
  const comparison = compareAllocator(records)
  console.log(describeAllocator(comparison, failures))
  console.log(`  ${comparison.errors.length} simulations in ${seconds.toFixed(0)} s, files written included`)
}
