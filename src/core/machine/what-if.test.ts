import { describe, expect, it } from 'vitest'
import table from '#data/accelerators.json' with { type: 'json' }
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Machine } from '#core/machine/machine.ts'
import { applyWhatIf, type WhatIf } from '#core/machine/what-if.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const specs = (table.records as unknown as readonly Omit<AcceleratorSpec, 'origin'>[]).map(
  (record): AcceleratorSpec => ({ ...record, origin: 'shipped' }),
)

const server: Machine = {
  os: {
    platform: 'linux',
    name: 'Debian GNU/Linux 12',
    version: '12',
    architecture: 'x64',
    virtualization: 'none',
  },
  cpu: {
    name: 'AMD Ryzen 9 7950X 16-Core Processor',
    vendor: 'AMD',
    physicalCores: 16,
    logicalCores: 32,
    performanceCores: 16,
    usableCores: 16,
    features: ['avx2'],
  },
  memory: {
    totalBytes: gibibytesToBytes(64),
    freeBytes: gibibytesToBytes(50),
    limitBytes: gibibytesToBytes(64),
    bandwidthBytesPerSecond: null,
  },
  accelerators: [],
  disks: [],
  backends: ['cpu'],
  sources: { 'memory.totalBytes': { source: '/proc/meminfo' } },
  warnings: [{ code: 'gpu-driver-missing', message: 'the driver is missing', source: 'nvidia-smi' }],
  scannedAt: null,
  asIf: false,
}

const nothing: WhatIf = { gpus: [], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }

function machineAs(whatIf: Partial<WhatIf>, machine = server): Machine {
  const result = applyWhatIf(machine, { ...nothing, ...whatIf }, specs)
  if (result.kind === 'error') throw new Error(result.message)
  return result.machine
}

function messageOf(whatIf: Partial<WhatIf>): string {
  const result = applyWhatIf(server, { ...nothing, ...whatIf }, specs)
  return result.kind === 'error' ? result.message : 'no error'
}

describe('applyWhatIf', () => {
  it('leaves the machine alone when nothing is asked', () => {
    expect(machineAs({})).toBe(server)
  })

  it('puts several empty cards in and keeps the rest', () => {
    const machine = machineAs({ gpus: ['2x RTX 3090'] })
    expect(machine.accelerators.map((card) => [card.name, card.memoryBytes, card.freeBytes])).toEqual(
      Array.from({ length: 2 }, () => [
        'NVIDIA GeForce RTX 3090',
        gibibytesToBytes(24),
        gibibytesToBytes(24),
      ]),
    )
    expect(machine.memory).toBe(server.memory)
    expect(machine.cpu).toBe(server.cpu)
    expect(machine.backends).toEqual(['cuda', 'vulkan', 'cpu'])
    expect(machine.asIf).toBe(true)
    expect(machine.warnings).toEqual([])
    expect(describeMachine(machine)).toBe('as if: 2× RTX 3090 24 GiB · 64 GiB RAM · Ryzen 9 7950X (16 cores)')
  })

  it.each([
    ['2x RTX 3090', 2, 'NVIDIA GeForce RTX 3090'],
    ['2 x RTX 3090', 2, 'NVIDIA GeForce RTX 3090'],
    ['2xRTX 3090', 2, 'NVIDIA GeForce RTX 3090'],
    ['7900 XTX', 1, 'AMD Radeon RX 7900 XTX'],
    ['7900XTX', 1, 'AMD Radeon RX 7900 XTX'],
    ['2x 7900 XTX', 2, 'AMD Radeon RX 7900 XTX'],
  ])('tells a count from the number of a name: %s', (query, count, name) => {
    const { accelerators } = machineAs({ gpus: [query] })
    expect(accelerators.map((card) => card.name)).toEqual(Array.from({ length: count }, () => name))
  })

  it('keeps MLX where Metal is asked for, and lets any Radeon be asked for ROCm', () => {
    expect(machineAs({ gpus: ['M2 Max 38'], backend: 'metal' }).backends).toEqual(['metal', 'mlx', 'cpu'])
    expect(machineAs({ gpus: ['RX 6650 XT'], backend: 'rocm' }).backends).toEqual(['rocm', 'cpu'])
    expect(messageOf({ gpus: ['RTX 4090'], backend: 'rocm' })).toContain('cannot run rocm')
  })

  it('gives a card the memory its driver reports, as a scan would', () => {
    // 24564 MiB: nvidia-smi on an RTX 4090.
    expect(machineAs({ gpus: ['4090'] }).accelerators[0]?.memoryBytes).toBe(mebibytesToBytes(24564))
  })

  it('turns a unified device into a pool with its own platform, CPU and bandwidth', () => {
    const machine = machineAs({ gpus: ['M2 Max 38'], vramBytes: gibibytesToBytes(64) })
    expect(machine.os.platform).toBe('macos')
    expect(machine.os.architecture).toBe('arm64')
    expect(machine.memory).toMatchObject({
      totalBytes: gibibytesToBytes(64),
      freeBytes: null,
      bandwidthBytesPerSecond: 400e9,
    })
    expect(machine.accelerators).toHaveLength(1)
    expect(machine.accelerators[0]).toMatchObject({
      memoryBytes: gibibytesToBytes(64),
      unified: true,
      gpuCores: 38,
    })
    expect(machine.backends).toEqual(['metal', 'mlx', 'cpu'])
    expect(machine.cpu.name).toBe('Apple M2 Max')
    expect(describeMachine(machine)).toBe(
      'as if: Apple M2 Max (38-core GPU) · 64 GiB unified memory · Apple M2 Max (12 cores)',
    )
  })

  it.each([
    [{ gpus: ['M2 Max 38'], ramBytes: gibibytesToBytes(32) }, 32],
    [{ gpus: ['M2 Max 38 96GB'] }, 96],
    [{ gpus: ['M2 Max 38'] }, 96],
    [{ gpus: ['Strix Halo'], ramBytes: gibibytesToBytes(128) }, 128],
    [{ gpus: ['780M'] }, 64],
  ])('sizes the pool of %j', (whatIf, gibibytes) => {
    const machine = machineAs(whatIf)
    expect(machine.memory.totalBytes).toBe(gibibytesToBytes(gibibytes))
    expect(machine.accelerators[0]?.memoryBytes).toBe(gibibytesToBytes(gibibytes))
  })

  it('says what it assumed for a name with several meanings', () => {
    const machine = machineAs({ gpus: ['RTX 3060'] })
    expect(machine.accelerators[0]?.specId).toBe('nvidia-geforce-rtx-3060-12gb')
    expect(machine.warnings[0]?.message).toContain('NVIDIA GeForce RTX 3060 8GB')
    expect(machineAs({ gpus: ['RTX 3060'], vramBytes: gibibytesToBytes(8) }).accelerators[0]?.specId).toBe(
      'nvidia-geforce-rtx-3060-8gb',
    )
    expect(machineAs({ gpus: ['M2 Max 38'] }).warnings[0]?.message).toContain('32 GiB, 64 GiB, 96 GiB')
  })

  it('takes a size that is not sold as written, and says so', () => {
    const machine = machineAs({ gpus: ['RTX 4090 48GB'] })
    expect(machine.accelerators[0]?.memoryBytes).toBe(gibibytesToBytes(48))
    expect(machine.warnings[0]?.message).toContain('sold with 24 GiB')
  })

  it("keeps this machine's RAM under an integrated GPU, and drops the bandwidth of a chip that is gone", () => {
    expect(machineAs({ gpus: ['780M'] }).memory.freeBytes).toBe(gibibytesToBytes(50))
    const mac = machineAs({ gpus: ['M2 Max 38'] })
    const pc = machineAs({ gpus: ['RTX 4090'] }, mac)
    expect(pc.memory.bandwidthBytesPerSecond).toBeNull()
    expect(pc.os.platform).toBe('linux')
    expect(pc.backends).toEqual(['cuda', 'vulkan', 'cpu'])
  })

  it('removes GPUs, changes RAM and cores, and restricts the backend', () => {
    const withCard = machineAs({ gpus: ['RTX 4090'] })
    expect(machineAs({ gpus: ['none'] }, withCard)).toMatchObject({ accelerators: [], backends: ['cpu'] })
    expect(machineAs({ backend: 'cpu' }, withCard).accelerators).toEqual([])
    const vulkan = machineAs({ gpus: ['RTX 4090'], backend: 'vulkan' })
    expect(vulkan.accelerators[0]?.backends).toEqual(['vulkan'])
    expect(vulkan.backends).toEqual(['vulkan', 'cpu'])
    expect(machineAs({ cpuCores: 8 }).cpu).toMatchObject({ physicalCores: 8, usableCores: 8 })
    const grown = machineAs({ ramBytes: gibibytesToBytes(128) })
    expect(grown.memory).toMatchObject({ totalBytes: gibibytesToBytes(128), freeBytes: null })
    expect(grown.sources['memory.totalBytes']).toEqual({ source: 'what-if' })
    expect(machineAs({ vramBytes: gibibytesToBytes(48) }, withCard).accelerators[0]).toMatchObject({
      memoryBytes: gibibytesToBytes(48),
      asIf: true,
    })
  })

  it.each([
    [{ gpus: ['RTX 4091'] }, 'NVIDIA GeForce RTX 4090'],
    [{ gpus: ['RTX'] }, '"RTX" can mean'],
    [{ gpus: ['999x RTX 4090'] }, '1 to 64'],
    [{ gpus: ['0x RTX 4090'] }, '1 to 64'],
    [{ gpus: ['2x M2 Max 38'] }, 'whole chip'],
    [{ gpus: ['M2 Max 38', 'RTX 3090'] }, 'whole chip'],
    [{ gpus: ['none', 'RTX 3090'] }, 'contradict'],
    [{ gpus: ['RTX 3090'], backend: 'metal' as const }, 'cannot run metal'],
    [{ backend: 'cuda' as const }, 'no GPU of this machine runs cuda'],
    [{ vramBytes: gibibytesToBytes(8) }, 'no usable GPU'],
    [{ cpuCores: 0 }, 'whole number'],
    [{ ramBytes: -1 }, 'above zero'],
  ])('refuses %j with a message that helps', (whatIf, part) => {
    expect(messageOf(whatIf)).toContain(part)
  })
})
