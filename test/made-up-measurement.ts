import type { Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { DecodeSpeed, MachineSpeed, Measurement, MeasuredSpeed } from '#core/measure/measurement.ts'
import { gpuLayersOf } from '#core/plan/apply-simulation.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { shippedCatalogue } from './shipped-catalogue.ts'

function spread(tokensPerSecond: number): MeasuredSpeed {
  return {
    tokensPerSecond,
    lowTokensPerSecond: tokensPerSecond * 0.9,
    highTokensPerSecond: tokensPerSecond * 1.05,
    repetitions: 46,
  }
}

/** Depths of the cache that a made-up dry run decodes at. */
export const MADE_UP_DEPTHS = [0, 4096] as const

/** A dry run of a plan in which everything is `faster` times as fast as the formulas say, and what `change` says. */
export function madeUpMeasurement(
  request: PlanRequest,
  faster: number,
  change: Partial<Measurement> = {},
): Measurement {
  const { speedModel } = shippedCatalogue
  const at = (depthTokens: number) => planNumbers({ ...request, depthTokens }, speedModel)
  const numbers = at(0)
  const { layout } = numbers.candidate
  const decode = MADE_UP_DEPTHS.map((depthTokens): DecodeSpeed => {
    const estimated = at(depthTokens).decodeTokensPerSecond
    return { depthTokens, streams: 1, ...spread(estimated * faster) }
  })
  return {
    schema: 'inhouse/measurement/1',
    id: `${request.model.id} ${request.quantization.id} ${faster}`,
    measuredAt: '2026-03-01T10:00:00.000Z',
    machine: machineFingerprint(request.machine),
    machineName: 'a made-up machine',
    engine: {
      name: 'llama.cpp',
      release: 'v0.5.0',
      nodeLlamaCpp: '3.22.1',
      backend: layout.backend,
      threads: 8,
    },
    method: 'quick',
    plan: {
      modelId: request.model.id,
      quantizationId: request.quantization.id,
      contextTokens: request.contextTokens,
      users: request.users,
      kvType: request.kvType,
      flashAttention: true,
      mode: layout.mode,
      gpuLayers: gpuLayersOf(numbers),
    },
    decode,
    prefill: [{ promptTokens: 512, ...spread(numbers.prefillTokensPerSecond * faster) }],
    memory: null,
    othersBusyProcessors: 0,
    tookSeconds: 12,
    ...change,
  }
}

/** Rates of the CPU of a machine: 40, 50 and 60 GB/s by format, in a fixed proportion to prompts. */
export function madeUpMachineSpeed(machine: Machine, change: Partial<MachineSpeed> = {}): MachineSpeed {
  const format = (quantizationId: string, readBytesPerSecond: number) => ({
    quantizationId,
    readBytesPerSecond,
    lowReadBytesPerSecond: readBytesPerSecond * 0.9,
    highReadBytesPerSecond: readBytesPerSecond * 1.1,
    prefillFlopsPerSecond: readBytesPerSecond * 10,
  })
  return {
    schema: 'inhouse/machine-speed/1',
    id: 'made up',
    measuredAt: '2026-02-01T10:00:00.000Z',
    machine: machineFingerprint(machine),
    machineName: 'a made-up machine',
    engine: { name: 'llama.cpp', release: 'v0.5.0', nodeLlamaCpp: '3.22.1', backend: 'cpu', threads: 8 },
    formats: [format('Q4_K_M', 40e9), format('Q8_0', 50e9), format('F16', 60e9)],
    cacheBytesPerSecond: 5e9,
    layerSeconds: 20e-6,
    othersBusyProcessors: 0,
    tookSeconds: 9,
    ...change,
  }
}
