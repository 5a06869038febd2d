import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineUpdate, RunJob, RunResult } from '#backend/llama/engine-job.ts'
import { buffersOf, type EngineLog } from '#backend/llama/worker/engine-log.ts'
import { loadEngine } from '#backend/llama/worker/load-engine.ts'
import { acceleratorUsedBytes, createContext, loadModel } from '#backend/llama/worker/load-model.ts'
import { watchOthers } from '#backend/llama/worker/others-busy.ts'
import { peakMemory, processMemory } from '#backend/llama/worker/process-memory.ts'
import { timeStep, tokenSource } from '#backend/llama/worker/time-step.ts'

type Report = (update: EngineUpdate) => void

/** Loads a model for real and times every repetition of every step. */
export async function runSteps(job: RunJob, log: EngineLog, report: Report): Promise<RunResult> {
  const llama = await loadEngine(job.load.backend, job.load.threads, log)
  const before = processMemory()
  const usedBefore = await acceleratorUsedBytes(llama)
  log.clear()
  const startedAt = performance.now()
  const model = await loadModel(llama, {
    ...job.load,
    log,
    onProgress: (fraction) => report({ kind: 'loading', fraction }),
  })
  const loadSeconds = (performance.now() - startedAt) / 1000
  report({ kind: 'loaded' })
  let peak = peakMemory(before, processMemory())
  let usedPeak = 0
  const seconds: (readonly (readonly number[])[])[] = []
  const othersBusy = watchOthers()
  // The first context is the plan's own: what it allocates is what the plan takes.
  let buffers = buffersOf(log.lines())
  for (const [index, wanted] of job.contexts.entries()) {
    const context = await createContext(model, { ...wanted, threads: job.load.threads, log })
    if (index === 0) buffers = buffersOf(log.lines())
    const tokens = tokenSource(job.tokens)
    const sequences = Array.from({ length: wanted.sequences }, () => context.getSequence())
    const ofContext: (readonly number[])[] = []
    const news = heldBack(report)
    for (const [step, what] of wanted.steps.entries()) {
      report({ kind: 'step', context: index, step, expectedSeconds: what.expectedSeconds })
      const watch = async (took: number) => {
        const now = processMemory()
        peak = peakMemory(peak, now)
        const { residentBytes } = now
        await news.say({ kind: 'repetition', context: index, step, seconds: took, residentBytes })
      }
      ofContext.push(await timeStep(what, sequences, tokens, watch))
      await news.flush()
      usedPeak = Math.max(usedPeak, (await acceleratorUsedBytes(llama)) ?? 0)
    }
    seconds.push(ofContext)
    await context.dispose()
  }
  const othersBusyProcessors = othersBusy()
  await model.dispose()
  return {
    loadSeconds,
    buffers,
    before,
    peak,
    acceleratorBytes: usedBefore === null ? null : Math.max(0, usedPeak - usedBefore),
    seconds,
    othersBusyProcessors,
    release: llama.llamaCppRelease.release,
  }
}

/** How often news of repetitions go out; a chart needs no more. */
const NEWS_INTERVAL_MS = 300
/** Time the parent gets to read them before the next repetition starts. */
const NEWS_PAUSE_MS = 15

/**
 * Reports what is said in bundles, with a pause after each: a parent that reads while a step is timed takes one of the
 * processors from llama.cpp, whose threads then wait for each other, and small models came out two times too slow.
 */
function heldBack(report: Report) {
  let held: EngineUpdate[] = []
  let sentAt = performance.now()
  const flush = async () => {
    if (held.length === 0) return
    held.forEach(report)
    held = []
    await sleep(NEWS_PAUSE_MS)
    sentAt = performance.now()
  }
  return {
    flush,
    say: async (update: EngineUpdate) => {
      held.push(update)
      if (performance.now() - sentAt > NEWS_INTERVAL_MS) await flush()
    },
  }
}
