import { median } from '../median.ts'
import type { AllocatorFailure } from './allocator-record.ts'
import type { AllocatorComparison, AllocatorError } from './compare-allocator.ts'

export interface ErrorStatistics {
  readonly cases: number
  readonly median: number
  readonly worst: AllocatorError
}

/** Median and worst of the errors, as shares. */
export function errorStatistics(errors: readonly AllocatorError[]): ErrorStatistics {
  const [first, ...rest] = errors
  if (!first) throw new Error('There is nothing to compare.')
  const worst = rest.reduce(
    (found, each) => (Math.abs(each.error) > Math.abs(found.error) ? each : found),
    first,
  )
  return { cases: errors.length, median: median(errors.map(({ error }) => Math.abs(error))), worst }
}

const percent = (share: number): string => `${(100 * share).toFixed(3)} %`

function statisticsLine(title: string, errors: readonly AllocatorError[]): string {
  const { cases, median: middle, worst } = errorStatistics(errors)
  const { contextTokens, error, flashAttention, kvType, model } = worst
  const named = `${model.id} · ${contextTokens} · ${kvType} · flash attention ${flashAttention ? 'on' : 'off'}`
  return `  ${title.padEnd(16)} ${String(cases).padStart(5)} ${percent(middle).padStart(9)} ${percent(error).padStart(9)}  ${error === 0 ? '' : named}`
}

/** The error table by architecture, the total, and what llama.cpp does not load. */
export function describeAllocator(
  { errors, refused }: AllocatorComparison,
  failures: readonly AllocatorFailure[],
): string {
  const architectures = [...new Set(errors.map(({ model }) => model.architecture.gguf ?? ''))].toSorted()
  const refusedModels = [...new Set(refused.map(({ model }) => model.id))]
  return [
    'Closed form against the allocator: error of the plan’s total on the CPU',
    `  ${'architecture'.padEnd(16)} cases    median     worst  worst case`,
    ...architectures.map((name) =>
      statisticsLine(
        name,
        errors.filter(({ model }) => model.architecture.gguf === name),
      ),
    ),
    statisticsLine('all', errors),
    `  contexts llama.cpp refuses: ${refused.length}, of ${refusedModels.length === 0 ? 'no model' : refusedModels.join(', ')}`,
    failures.length === 0
      ? '  models llama.cpp does not load: none'
      : `  models llama.cpp does not load:\n${failures.map(({ model, reason }) => `    ${model}: ${reason}`).join('\n')}`,
  ].join('\n')
}
