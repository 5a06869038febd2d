import { formatMemory } from '#core/figure/format-figure.ts'
import { repackedBytes } from '#core/placement/layout.ts'
import { isFewRuns } from '#core/speed/interval-class.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'

/** What a person should know about a plan, in plain words. */
export function planNotes(request: PlanRequest, numbers: PlanNumbers): readonly string[] {
  return [
    ...placementNotes(numbers),
    ...memoryNotes(request, numbers),
    ...engineNotes(request, numbers),
    ...speedNotes(numbers),
  ]
}

function placementNotes(numbers: PlanNumbers): readonly string[] {
  const { terms, candidate } = numbers
  const { layout } = candidate
  const notes: string[] = []
  if (layout.mode === 'experts-in-ram')
    notes.push(
      `Routed experts of ${layout.expertsFrom} of ${terms.weights.layers} layers stay in RAM (--n-cpu-moe ${layout.expertsFrom}).`,
    )
  if (layout.mode === 'partial')
    notes.push(`${layout.start} of ${terms.weights.layers} layers run on the CPU, from RAM.`)
  const vendors = new Set(layout.shares.map((share) => share.device.accelerator.vendor))
  if (vendors.size > 1) notes.push('Accelerators of different makers work together only under Vulkan.')
  const unused = terms.machine.deviceSets.flatMap((set) => set.devices).filter(isUnused(numbers))
  const names = [...new Set(unused.map((device) => device.accelerator.name))]
  if (layout.shares.length > 0 && names.length > 0) notes.push(`Not used by this plan: ${names.join(', ')}.`)
  return notes
}

function isUnused(numbers: PlanNumbers): (device: { readonly index: number }) => boolean {
  const used = new Set(numbers.candidate.layout.shares.map((share) => share.device.index))
  return (device) => !used.has(device.index)
}

function repackingNotes({ terms, candidate }: PlanNumbers): readonly string[] {
  const repacked = repackedBytes(terms)
  if (repacked === 0) return []
  const short = repacked - candidate.loads.reduce((sum, load) => sum + load.reclaimableBytes, 0)
  const pages =
    short > 0
      ? `memory lacks ${formatMemory(short)} to keep all pages of the file it copies from: the system takes them back`
      : 'the pages of the file it copies from can be taken back by the system'
  return [`llama.cpp repacks ${formatMemory(repacked)} of weights for the CPU; ${pages}.`]
}

function memoryNotes(request: PlanRequest, numbers: PlanNumbers): readonly string[] {
  const { terms, candidate } = numbers
  const notes: string[] = []
  for (const load of candidate.loads) notes.push(...terms.machine.pools[load.poolIndex]!.assumptions)
  if (request.useReserve)
    notes.push('Uses the memory reserve: other programs may slow down, or the system may end this one.')
  if (request.kvType !== 'f16' && !terms.flashAttention)
    notes.push('Values stay f16 in the cache: a quantized V cache needs flash attention.')
  if (candidate.layout.mode === 'cpu') notes.push(...repackingNotes(numbers))
  if (request.contextTokens > request.model.architecture.contextTokens)
    notes.push(
      `The model was made for at most ${request.model.architecture.contextTokens} tokens; beyond that its answers degrade.`,
    )
  return notes
}

function engineNotes(request: PlanRequest, numbers: PlanNumbers): readonly string[] {
  const { terms, candidate } = numbers
  const isLlama = request.engine === 'llama.cpp' || request.engine === 'ollama'
  const notes: string[] = []
  if (isLlama && request.model.architecture.gguf === null)
    notes.push('llama.cpp does not support this architecture.')
  if (!isLlama && candidate.layout.shares.length === 0)
    notes.push(
      request.engine === 'mlx'
        ? 'MLX needs an Apple GPU: none is usable here.'
        : 'vLLM needs a GPU with CUDA or ROCm: none is usable here.',
    )
  if (!request.quantization.engines.includes(request.engine))
    notes.push(`${request.quantization.id} is not a format of ${request.engine}.`)
  if (request.engine === 'vllm')
    notes.push(
      'vLLM claims a set share of the card (90 % unless told otherwise) for its cache; shown is what these users need. Layers are taken as split over cards one after the other.',
    )
  if (request.engine === 'mlx') notes.push('MLX memory is taken as that of llama.cpp on Metal.')
  if (terms.users > 1 && request.engine === 'ollama')
    notes.push('Ollama serves several users at once only with OLLAMA_NUM_PARALLEL set.')
  return notes
}

function speedNotes(numbers: PlanNumbers): readonly string[] {
  const { terms, candidate } = numbers
  const { layout } = candidate
  const notes: string[] = []
  const few = layout.shares.filter((share) => isFewRuns(share.device.speed.decode))
  if (few.length > 0)
    notes.push(`Few measured runs stand behind the speed of ${few[0]!.device.accelerator.name}.`)
  const usesHost = layout.start > 0 || layout.mode === 'experts-in-ram'
  if (usesHost && terms.machine.host.guessed && terms.machine.host.bytesPerSecond !== null)
    notes.push('Memory speed could not be read: it is estimated from the number of CPU cores.')
  return notes
}
