/**
 * `node bench/refit-speed-model.ts`: fits the coefficients and the intervals of data/speed-model.json to
 * bench/fixtures/measured-speeds.jsonl, from bench/fixtures/speed-model-start.json. Transfers and the
 * intervals of what no run measures (layers in RAM, several users) stay as in the start file.
 */
import { readFileSync } from 'node:fs'
import { decodeIntervalClass } from '#core/speed/interval-class.ts'
import type { IntervalClass, SpeedInterval, SpeedModel } from '#core/speed/speed-model.ts'
import { byDevice, crossValidate } from './cross-validate-speed.ts'
import { fitPrefill, fitSpeedModel, writeSpeedModel } from './fit-speed-model.ts'
import { quantile } from '#core/measure/quantile.ts'
import { planOfRun, prefillOfRun } from './predict-run.ts'
import { fittedRuns, resolveRuns, withoutBandwidth } from './speed-runs.ts'

const start = JSON.parse(
  readFileSync(new URL('./fixtures/speed-model-start.json', import.meta.url), 'utf8'),
) as SpeedModel
const measured = fittedRuns(resolveRuns().runs)
const runs = [...measured, ...measured.filter(({ run }) => run.backend === 'cpu').map(withoutBandwidth)]
// Several cards work on different parts of a long prompt at once, which the formula does not claim to time.
const prompts = measured.filter(({ run }) => run.devices === 1 && run.prefillTokensPerSecond !== undefined)
const fitted = fitPrefill(prompts, fitSpeedModel(runs, start))

/** Shares between which 80 % must lie with something to spare: the fit has seen these runs' models. */
const LOW = 0.08
const HIGH = 0.92

const ratios = new Map<IntervalClass, number[]>()
for (const { resolved, numbers } of crossValidate(runs, start, byDevice)) {
  const ratio = resolved.run.decodeTokensPerSecond / numbers.decodeTokensPerSecond
  const intervalClass = decodeIntervalClass(numbers.terms, numbers.candidate.layout)
  if (Number.isFinite(ratio)) ratios.set(intervalClass, [...(ratios.get(intervalClass) ?? []), ratio])
}
const onAccelerators = prompts.filter(({ run }) => run.backend !== 'cpu')
const ofPrefill = onAccelerators.flatMap((resolved) => {
  const ratio =
    (resolved.run.prefillTokensPerSecond ?? Number.NaN) / prefillOfRun(resolved, planOfRun(resolved, fitted))
  return Number.isFinite(ratio) ? [ratio] : []
})

const MEASURED: readonly IntervalClass[] = ['dense', 'moe', 'cpu', 'bandwidth-unknown']
const intervals: Record<IntervalClass, SpeedInterval> = { ...start.intervals }
for (const intervalClass of MEASURED) intervals[intervalClass] = intervalOf(ratios.get(intervalClass)!)
// Prefill is not cross-validated: a wider part of its residuals stands in for that.
intervals['prefill'] = { low: quantile(ofPrefill, LOW / 2), high: quantile(ofPrefill, 1 - LOW / 2) }
// A class with few runs is no better known than the rest: at least as wide as what was measured for others.
intervals['few-runs'] = {
  low: Math.min(start.intervals['few-runs'].low, intervals.dense.low, intervals.moe.low),
  high: Math.max(start.intervals['few-runs'].high, intervals.dense.high, intervals.moe.high),
}
intervals['split'] = {
  low: Math.min(start.intervals.split.low, intervals.cpu.low),
  high: Math.max(start.intervals.split.high, intervals.cpu.high),
}

function intervalOf(values: readonly number[]): SpeedInterval {
  return { low: quantile(values, LOW), high: quantile(values, HIGH) }
}

writeSpeedModel({ ...fitted, intervals })
console.log(`${runs.length} runs fitted; intervals`, intervals)
