/** A line as a colleague's Inhouse exports it: one dry run on a machine that is not this one. */
export const MEASURED_ELSEWHERE = JSON.stringify({
  schema: 'inhouse/measurement/1',
  id: '0b0c7e1e-5a55-4c8b-9a58-5a3d2f6f4c11',
  measuredAt: '2026-11-20T10:00:00.000Z',
  machine: 'linux/A colleague’s processor/8 cores/64 GiB/none',
  machineName: 'A colleague’s processor, 64 GiB',
  engine: { name: 'llama.cpp', release: 'v0.5.0', nodeLlamaCpp: '3.22.1', backend: 'cpu', threads: 8 },
  method: 'full',
  plan: {
    modelId: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    quantizationId: 'Q4_K_M',
    contextTokens: 4096,
    users: 1,
    kvType: 'f16',
    flashAttention: true,
    mode: 'cpu',
    gpuLayers: 0,
  },
  decode: [
    {
      tokensPerSecond: 123,
      lowTokensPerSecond: 118,
      highTokensPerSecond: 127,
      repetitions: 48,
      depthTokens: 0,
      streams: 1,
    },
  ],
  prefill: [
    {
      tokensPerSecond: 987,
      lowTokensPerSecond: 950,
      highTokensPerSecond: 1010,
      repetitions: 3,
      promptTokens: 512,
    },
  ],
  memory: null,
  othersBusyProcessors: 0,
  tookSeconds: 12,
})
