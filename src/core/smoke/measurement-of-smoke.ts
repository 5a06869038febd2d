import type { RunPrediction } from '#core/chat/run-prediction.ts'
import type { MeasuredMemory, MeasuredSpeed, Measurement } from '#core/measure/measurement.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'

/**
 * The speeds of a smoke test as a measurement that estimates lean on; null where what ran is no plan of the catalogue:
 * an endpoint, a shape the catalogue does not have, other layers on the GPU than planned, or an adapter, which costs time of its own.
 * Tokens decoded after an empty prompt have half of their number in the cache on average.
 */
export function measurementOfSmoke(record: SmokeRecord, plan: RunPrediction | null): Measurement | null {
  const { bench, contextTokens, engine, gpuLayers, subject } = record
  if (plan === null || engine === null || bench === null || contextTokens === null) return null
  if (plan.matchedBy === 'header' || subject.adapters.length > 0 || gpuLayers !== plan.gpuLayers) return null
  const { prefill, decode } = bench
  return {
    schema: 'inhouse/measurement/1',
    // Other first characters than the smoke test's own: people name records by these.
    id: `${record.id.slice(-8)}-${record.id}`,
    measuredAt: record.measuredAt,
    machine: record.machine,
    machineName: record.machineName,
    engine,
    method: 'real',
    plan: {
      modelId: plan.modelId,
      quantizationId: plan.quantizationId,
      contextTokens,
      users: 1,
      kvType: 'f16',
      flashAttention: true,
      mode: plan.mode,
      gpuLayers,
    },
    decode: [{ ...speedOf(decode), depthTokens: Math.floor(decode.generatedTokens / 2), streams: 1 }],
    prefill: [{ ...speedOf(prefill), promptTokens: prefill.promptTokens }],
    memory: memoryOf(record),
    othersBusyProcessors: record.othersBusyProcessors,
    tookSeconds: record.tookSeconds,
  }
}

function speedOf(speed: MeasuredSpeed): MeasuredSpeed {
  const { tokensPerSecond, lowTokensPerSecond, highTokensPerSecond, repetitions } = speed
  return { tokensPerSecond, lowTokensPerSecond, highTokensPerSecond, repetitions }
}

function memoryOf({ buffers, memory }: SmokeRecord): MeasuredMemory | null {
  return memory === null
    ? null
    : { ...memory, mappedBytes: null, anonymousBytes: null, baselineBytes: null, buffers }
}
