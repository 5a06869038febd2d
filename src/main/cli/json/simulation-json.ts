import type { Simulation } from '#core/plan/simulation.ts'

/** What llama.cpp's allocator said, as `plan --exact --json` prints it. */
export function simulationJson({ host, device, engineRelease, seconds }: Simulation) {
  return {
    engineRelease,
    host: { weightsBytes: host.weightsBytes, contextBytes: host.contextBytes },
    device: { weightsBytes: device.weightsBytes, contextBytes: device.contextBytes },
    seconds,
  }
}
