import type { MeasureJob } from '#backend/llama/measuring.ts'
import type {
  MachineSpeedUpdate,
  MeasurePreview,
  MeasureSample,
  MeasureStage,
  MeasureUpdate,
} from '#contract/measuring.ts'
import { formatCount, formatFileSize, formatMemory, formatSpeed } from '#core/figure/format-figure.ts'
import { plainText } from './plain-text.ts'

/** What a dry run will take, before it starts: "Measuring Qwen3 8B, Q4_K_M, …: 20 to 60 s, 6.1 of 17 GiB, …". */
export function previewText({ request, method }: MeasureJob, preview: MeasurePreview): string {
  const { lowSeconds, highSeconds, memoryBytes, freeMemoryBytes, diskBytes, sparse } = preview
  const what = `${plainText(request.model.name)}, ${request.quantization.id}, ${method === 'quick' ? 'quick' : 'all layers'}`
  const memory = `${formatMemory(memoryBytes)} of memory (${formatMemory(freeMemoryBytes)} free)`
  const holes = sparse ? '' : ', because this file system keeps no holes'
  return `Measuring ${what}: about ${durationText(lowSeconds, highSeconds)}, ${memory}, ${formatFileSize(diskBytes)} of disk${holes}. Nothing is downloaded.`
}

function durationText(lowSeconds: number, highSeconds: number): string {
  const [low, high] = [Math.max(1, Math.round(lowSeconds)), Math.max(2, Math.round(highSeconds))]
  if (high < 120) return `${low} to ${high} s`
  return `${Math.max(1, Math.round(low / 60))} to ${Math.round(high / 60)} min`
}

const STAGES: Readonly<Record<MeasureStage, string>> = {
  writing: 'writing the file',
  loading: 'loading',
  prefill: 'processing prompts',
  decode: 'decoding',
  finishing: 'removing the file',
}

/** How far a dry run is, on one line of a terminal. */
export function measureProgressText(update: MeasureUpdate): string {
  const { stage, fraction, secondsLeft, residentBytes, sample } = update
  return [
    `${String(Math.floor(fraction * 100)).padStart(2)} %`,
    sample === null ? STAGES[stage] : sampleText(sample),
    ...(residentBytes === null ? [] : [formatMemory(residentBytes)]),
    ...(secondsLeft === null ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ].join(' · ')
}

function sampleText({ kind, depthTokens, streams, tokensPerSecond }: MeasureSample): string {
  const speed = `${formatSpeed(tokensPerSecond)} tok/s`
  if (kind === 'prefill') return `${STAGES.prefill}, ${speed}`
  const many = streams === 1 ? '' : `, ${streams} streams`
  return `${STAGES.decode} at ${formatCount(depthTokens)} tokens${many}, ${speed}`
}

/** How far measuring the machine is. */
export function machineProgressText({ fraction, step }: MachineSpeedUpdate): string {
  return `${String(Math.floor(fraction * 100)).padStart(2)} % · ${plainText(step)}`
}
