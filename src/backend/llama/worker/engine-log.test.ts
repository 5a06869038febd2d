import { describe, expect, it } from 'vitest'
import { buffersOf, engineLog } from '#backend/llama/worker/engine-log.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** Lines of llama.cpp v0.5.0 as it logs them: src/llama-model.cpp, llama-kv-cache.cpp, llama-memory-recurrent.cpp, llama-context.cpp. */
const ON_THE_CPU = [
  'load_tensors: loading model tensors, this can take a while... (mmap = true)',
  'load_tensors:   CPU_Mapped model buffer size =  4685.30 MiB',
  'load_tensors:   CPU_REPACK model buffer size =  3204.00 MiB',
  'llama_context:        CPU  output buffer size =     0.49 MiB',
  'llama_kv_cache:        CPU KV buffer size =   128.00 MiB',
  'llama_kv_cache: size =  128.00 MiB (  1024 cells,  32 layers,  1/1 seqs), K (f16):   64.00 MiB, V (f16):   64.00 MiB',
  'sched_reserve:        CPU compute buffer size =   266.50 MiB',
  'sched_reserve: graph nodes  = 999',
]

const mebibytes = (place: string, use: string, size: number) => ({
  place,
  use,
  bytes: mebibytesToBytes(size),
})

describe('buffersOf', () => {
  it('reads every buffer of a plan on the CPU, and no other line', () => {
    expect(buffersOf(ON_THE_CPU)).toEqual([
      mebibytes('CPU_Mapped', 'weights', 4685.3),
      mebibytes('CPU_REPACK', 'weights', 3204),
      mebibytes('CPU', 'output', 0.49),
      mebibytes('CPU', 'kvCache', 128),
      mebibytes('CPU', 'compute', 266.5),
    ])
  })

  it('tells devices apart', () => {
    const lines = [
      'load_tensors:        CUDA0 model buffer size =  4403.50 MiB',
      'load_tensors:        CUDA1 model buffer size =  4100.25 MiB',
      'load_tensors:   CPU_Mapped model buffer size =   281.81 MiB',
      'llama_kv_cache:      CUDA0 KV buffer size =   512.00 MiB',
      'sched_reserve:      CUDA0 compute buffer size =   258.50 MiB',
      'sched_reserve:  CUDA_Host compute buffer size =    12.01 MiB',
    ]
    expect(buffersOf(lines)).toEqual([
      mebibytes('CUDA0', 'weights', 4403.5),
      mebibytes('CUDA1', 'weights', 4100.25),
      mebibytes('CPU_Mapped', 'weights', 281.81),
      mebibytes('CUDA0', 'kvCache', 512),
      mebibytes('CUDA0', 'compute', 258.5),
      mebibytes('CUDA_Host', 'compute', 12.01),
    ])
  })

  it('adds up what lies in one place for one use: the two caches of a windowed model', () => {
    const lines = [
      'llama_kv_cache:        CPU KV buffer size =    32.00 MiB',
      'llama_kv_cache:        CPU KV buffer size =    78.00 MiB',
    ]
    expect(buffersOf(lines)).toEqual([mebibytes('CPU', 'kvCache', 110)])
  })

  it('knows recurrent state', () => {
    expect(buffersOf(['llama_memory_recurrent:        CPU RS buffer size =    55.37 MiB'])).toEqual([
      mebibytes('CPU', 'state', 55.37),
    ])
  })

  it('counts the compressor states of DeepSeek V4 as state (llama-kv-cache-dsv4.cpp)', () => {
    const lines = [
      'llama_dsv4_comp_state:      CUDA0 DSV4 csa state buffer size =    10.50 MiB',
      'llama_dsv4_comp_state:      CUDA0 DSV4 hca state buffer size =     2.00 MiB',
    ]
    expect(buffersOf(lines)).toEqual([mebibytes('CUDA0', 'state', 12.5)])
  })

  it('finds nothing where nothing is', () => {
    expect(buffersOf([])).toEqual([])
    expect(buffersOf(['model buffer size', 'print_info: file size   = 4.58 GiB (4.89 BPW)'])).toEqual([])
  })
})

describe('engineLog', () => {
  it('keeps lines without their ends, and empty ones not at all', () => {
    const log = engineLog()
    log.write('info', 'one\n\n  two  \n')
    log.write('info', '\n')
    log.write('log', 'three')
    expect(log.lines()).toEqual(['one', 'two', 'three'])
  })

  it('tells warnings and errors from the rest', () => {
    const log = engineLog()
    for (const level of ['debug', 'log', 'info', 'warn', 'error', 'fatal']) log.write(level, `a ${level}`)
    expect(log.complaints()).toEqual(['a warn', 'a error', 'a fatal'])
  })

  it('is empty again when cleared', () => {
    const log = engineLog()
    log.write('error', 'gone')
    log.clear()
    expect([log.lines(), log.complaints()]).toEqual([[], []])
  })

  it('forgets the oldest lines before it grows without end', () => {
    const log = engineLog()
    for (let line = 0; line < 10_000; line++) log.write('info', `line ${line}`)
    const kept = log.lines()
    expect(kept.length).toBeLessThanOrEqual(4000)
    expect(kept.at(-1)).toBe('line 9999')
  })
})
