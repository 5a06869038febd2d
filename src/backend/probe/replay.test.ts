import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import table from '#data/accelerators.json' with { type: 'json' }
import { replayMachine } from '#backend/probe/replay.ts'
import { partTokens } from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Accelerator, Machine, Vendor } from '#core/machine/machine.ts'
import { gibibytesToBytes, kibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const specs = (table.records as unknown as readonly Omit<AcceleratorSpec, 'origin'>[]).map(
  (record): AcceleratorSpec => ({ ...record, origin: 'shipped' }),
)

function replayed(fixture: string): Machine {
  const path = new URL(`fixtures/${fixture}.json`, import.meta.url)
  const result = replayMachine(JSON.parse(readFileSync(path, 'utf8')), specs)
  if (result.kind === 'error') throw new Error(result.message)
  return result.machine
}

function withoutName(expected: Expected): Omit<Expected, 'name'> {
  const { name: _, ...fields } = expected
  return fields
}

/** Everything but the name is compared exactly; a field left out is not asserted by the sample. */
interface Expected extends Partial<Omit<Accelerator, 'name' | 'vendor'>> {
  /** Its telling words must all be in the name found (vendor words, "GPU" and memory size carry nothing). */
  readonly name: string
  readonly vendor: Vendor
  readonly memoryBytes: number | null
  readonly unified: boolean
}

const nvidia = { vendor: 'NVIDIA', unified: false } as const
const dedicatedAmd = { vendor: 'AMD', unified: false } as const
const igpu = { unified: true, integrated: true } as const

/**
 * Recorded machines with their expected verdict; the numbers are those of the recordings (each fixture names where it
 * was published). RAM null: the recording does not tell.
 */
const SAMPLES: readonly (readonly [string, readonly Expected[], number | null])[] = [
  // MemTotal 127600748 kB.
  [
    'dgx-spark-gb10-memory-na',
    [
      {
        name: 'NVIDIA GB10',
        vendor: 'NVIDIA',
        memoryBytes: 130_663_165_952,
        freeBytes: kibibytesToBytes(118_566_368),
        unified: true,
        pciAddress: null,
      },
    ],
    130_663_165_952,
  ],
  // No RAM reading in it: 121.69 GiB is what the table knows the system reports.
  [
    'dgx-spark-gb10-table-not-supported',
    [
      {
        name: 'NVIDIA GB10',
        vendor: 'NVIDIA',
        memoryBytes: 130_663_642_563,
        unified: true,
        pciAddress: '000f:01:00.0',
        pciId: '10de:2e12',
      },
    ],
    130_663_642_563,
  ],
  ['jetson-orin-nvgpu', [{ name: 'Orin (nvgpu)', vendor: 'NVIDIA', memoryBytes: null, unified: true }], null],
  [
    'rtx-spark-n1x-small-carveout',
    [{ name: 'NVIDIA RTX Spark N1X', vendor: 'NVIDIA', memoryBytes: null, unified: true }],
    null,
  ],
  // The 30.17 GiB of RAM of the report are not among the recorded outputs.
  [
    'wsl2-rtx5080',
    [{ ...nvidia, name: 'NVIDIA GeForce RTX 5080', memoryBytes: mebibytesToBytes(16303), usable: true }],
    null,
  ],
  // The 16 GB follow from PCI id 10de:24b0.
  [
    'nvml-version-mismatch',
    [{ ...nvidia, name: 'NVIDIA RTX A4000', memoryBytes: gibibytesToBytes(16), usable: false }],
    null,
  ],
  ['nvidia-driver-not-loaded', [], null],
  [
    'mig-a100-instances',
    [14366, 9826, 13].map((usedMebibytes) => ({
      ...nvidia,
      name: 'MIG slice (28 SM)',
      memoryBytes: 20_937_965_568,
      freeBytes: mebibytesToBytes(19968 - usedMebibytes),
      migProfile: '2g.20gb',
    })),
    null,
  ],
  [
    'wmi-rtx4090-and-uhd770',
    [
      { ...nvidia, name: 'NVIDIA GeForce RTX 4090', memoryBytes: mebibytesToBytes(24564) },
      { ...igpu, name: 'Intel(R) UHD Graphics 770', vendor: 'Intel', memoryBytes: null },
    ],
    null,
  ],
  [
    'wmi-vs-registry-rtx4070ti',
    [
      { ...nvidia, name: 'NVIDIA GeForce RTX 4070 Ti', memoryBytes: 12_878_610_432 },
      { ...igpu, name: 'AMD Radeon(TM) Graphics', vendor: 'AMD', memoryBytes: 536_870_912 },
    ],
    null,
  ],
  [
    'wmi-r9700-capped',
    [{ ...dedicatedAmd, name: 'AMD Radeon AI PRO R9700', memoryBytes: gibibytesToBytes(32) }],
    null,
  ],
  [
    'registry-arc-a770-32bit-value',
    [{ name: 'Intel Arc A770', vendor: 'Intel', unified: false, memoryBytes: gibibytesToBytes(16) }],
    null,
  ],
  ['wmi-intel-hd4000-not-a-target', [], null],
  [
    'windows-virtual-monitors',
    [{ ...dedicatedAmd, name: 'AMD Radeon(TM) RX 7900 XTX', memoryBytes: gibibytesToBytes(24) }],
    null,
  ],
  [
    'windows-rdp-and-890m',
    [{ ...igpu, name: 'AMD Radeon(TM) 890M Graphics', vendor: 'AMD', memoryBytes: null }],
    103_079_215_104,
  ],
  [
    'si-windows-rx5700-4095',
    [{ ...dedicatedAmd, name: 'AMD Radeon RX 5700', memoryBytes: gibibytesToBytes(8) }],
    null,
  ],
  [
    'windows-apu-uma-carveout',
    [{ ...igpu, name: 'AMD Radeon 780M Graphics', vendor: 'AMD', memoryBytes: null }],
    gibibytesToBytes(32),
  ],
  [
    'hybrid-laptop-4060-780m',
    [
      {
        ...nvidia,
        name: 'NVIDIA GeForce RTX 4060 Laptop GPU',
        memoryBytes: mebibytesToBytes(8188),
        pciAddress: '0000:01:00.0',
      },
      { ...igpu, name: 'Radeon 780M', vendor: 'AMD', memoryBytes: null },
    ],
    null,
  ],
  [
    'lspci-navi31-revision',
    [
      {
        ...dedicatedAmd,
        name: 'AMD Radeon RX 7900 XTX',
        memoryBytes: gibibytesToBytes(24),
        specId: 'amd-radeon-rx-7900-xtx',
      },
    ],
    null,
  ],
  [
    'si-linux-rebar-vram',
    [
      { ...dedicatedAmd, name: 'Radeon RX 7900 series (1002:744c)', memoryBytes: null, specId: null },
      { ...igpu, name: 'Radeon Graphics (Raphael)', vendor: 'AMD', memoryBytes: null },
    ],
    null,
  ],
  [
    'rocm-smi-mixed-mi50-and-igpu',
    [
      { ...dedicatedAmd, name: 'AMD Instinct MI50 32GB', memoryBytes: 34_342_961_152 },
      { ...dedicatedAmd, name: 'AMD Instinct MI60 / MI50', memoryBytes: 17_163_091_968 },
      { ...igpu, name: 'AMD Radeon Graphics (Cezanne)', vendor: 'AMD', memoryBytes: 536_870_912 },
    ],
    null,
  ],
  [
    'strix-halo-name-na-64g-carveout',
    [
      {
        name: 'Radeon 8060S / 8050S (Strix Halo)',
        vendor: 'AMD',
        memoryBytes: gibibytesToBytes(64),
        unified: true,
        gfxTarget: 'gfx1151',
      },
    ],
    null,
  ],
  // No id and no name among the outputs: an AMD APU is all they tell, not which one (a Radeon 8060S it was).
  [
    'strix-halo-gtt-pool',
    [{ name: '', vendor: 'AMD', memoryBytes: 133_680_857_088, unified: true, integrated: true }],
    null,
  ],
  // Heaps of two machines without a device name or id: that there is a GPU, and nothing more.
  [
    'strix-halo-windows-vulkan-split-heaps',
    [{ name: '', vendor: 'other', memoryBytes: null, unified: false }],
    null,
  ],
  [
    'phantom-vulkan-cpu-device',
    [
      { ...dedicatedAmd, name: 'AMD Radeon RX 7900 XTX', memoryBytes: gibibytesToBytes(24) },
      { ...igpu, name: 'Radeon Graphics (Raphael)', vendor: 'AMD', memoryBytes: null },
    ],
    null,
  ],
  // 15.93 GiB; the RAM of the report is not among the recorded outputs.
  [
    'nvidia-plus-amd-desktop',
    [
      { ...nvidia, name: 'NVIDIA GeForce RTX 5060 Ti 16GB', memoryBytes: 17_104_707_256 },
      { ...dedicatedAmd, name: 'Radeon RX 7900 series (1002:744c)', memoryBytes: null },
    ],
    null,
  ],
  // The pool is the RAM, which this recording lacks; the next block adds a RAM reading to it.
  [
    'lunar-lake-lspci',
    [{ ...igpu, name: 'Intel Arc Graphics 130V/140V', vendor: 'Intel', memoryBytes: null, specId: null }],
    null,
  ],
  [
    'arc-b580-xe-driver',
    [{ name: 'Intel Arc B580', vendor: 'Intel', unified: false, memoryBytes: 12_884_901_888 }],
    null,
  ],
  [
    'mac-mini-m4',
    [
      {
        name: 'Apple M4',
        vendor: 'Apple',
        memoryBytes: gibibytesToBytes(16),
        unified: true,
        gpuCores: 10,
        usableBytes: null,
        specId: 'apple-m4-10',
      },
    ],
    gibibytesToBytes(16),
  ],
  [
    'mac-m1max-wired-limit',
    [
      {
        name: 'Apple M1 Max',
        vendor: 'Apple',
        memoryBytes: gibibytesToBytes(32),
        unified: true,
        usableBytes: mebibytesToBytes(26000),
      },
    ],
    gibibytesToBytes(32),
  ],
  [
    'llama-list-devices-mixed-cuda',
    [
      { ...nvidia, name: 'NVIDIA GeForce RTX 4090', memoryBytes: 25_757_220_864, freeBytes: 24_738_004_992 },
      {
        ...nvidia,
        name: 'NVIDIA GeForce RTX 3060 12GB',
        memoryBytes: 12_884_901_888,
        freeBytes: 12_058_624_000,
        specId: 'nvidia-geforce-rtx-3060-12gb',
      },
    ],
    null,
  ],
  [
    'llama-cuda-arch-filter',
    [
      { ...nvidia, name: 'NVIDIA GeForce RTX 4060 Ti 16GB', memoryBytes: 17_174_626_304, usable: true },
      { ...nvidia, name: 'NVIDIA GeForce GTX 1060 6GB', memoryBytes: 6_357_516_288, usable: false },
    ],
    null,
  ],
  ['lxc-uncapped-memory-max', [], gibibytesToBytes(32)],
  ['dmidecode-soldered-16bit', [], null],
  ['mac-m4pro-perflevels', [], 25_769_803_776],
  [
    'rocm-aliases-counted-six-times',
    [{ ...igpu, name: 'Radeon 680M', vendor: 'AMD', memoryBytes: null, gfxTarget: 'gfx1035' }],
    null,
  ],
  [
    'windows-igpu-share-added-to-ram',
    [{ ...igpu, name: 'Intel(R) Iris(R) Xe Graphics', vendor: 'Intel', memoryBytes: null }],
    34_026_878_403,
  ],
]

describe('replayMachine on recorded machines', () => {
  it.each(SAMPLES)('%s', (fixture, expected, ramBytes) => {
    const machine = replayed(fixture)
    const found = machine.accelerators.map((accelerator, index) => {
      const { name: _, ...fields } = expected[index] ?? { name: '' }
      const kept = Object.keys(fields) as (keyof Accelerator)[]
      return Object.fromEntries(kept.map((field) => [field, accelerator[field]]))
    })
    expect(found).toEqual(expected.map(withoutName))
    expected.forEach(({ name }, index) => {
      const words = partTokens(machine.accelerators[index]?.name ?? '')
      expect(words).toEqual(expect.arrayContaining([...partTokens(name)].filter((word) => word !== 'series')))
    })
    expect(machine.memory.totalBytes).toBe(ramBytes)
  })

  it('covers every fixture', () => {
    const fixtures = readdirSync(new URL('fixtures/', import.meta.url)).map((file) =>
      file.replace(/\.json$/, ''),
    )
    expect(SAMPLES.map(([fixture]) => fixture).sort()).toEqual(fixtures.sort())
  })
})

describe('what the recordings also tell', () => {
  it('names what is no accelerator instead of hiding it', () => {
    const codes = (fixture: string): readonly string[] =>
      replayed(fixture).warnings.map((warning) => warning.code)
    expect(codes('windows-virtual-monitors')).toEqual(Array.from({ length: 3 }, () => 'gpu-virtual-ignored'))
    expect(codes('windows-rdp-and-890m')).toEqual(['gpu-virtual-ignored'])
    expect(codes('wmi-intel-hd4000-not-a-target')).toEqual(['gpu-unsupported'])
    expect(codes('nvidia-driver-not-loaded')).toEqual(['gpu-driver-missing'])
    expect(codes('nvml-version-mismatch')).toEqual(['gpu-unusable'])
    expect(replayed('nvml-version-mismatch').accelerators[0]?.unusableReason).toContain('reboot')
  })

  it('keeps the installed RAM and what the system may use of it apart', () => {
    // 32 GiB of modules, 23.82 GiB seen by Windows: 8 GiB belong to the GPU.
    const { memory } = replayed('windows-apu-uma-carveout')
    expect(memory.totalBytes).toBe(gibibytesToBytes(32))
    expect(memory.limitBytes).toBe(Math.round(23.824016571044922 * 1024 ** 3))
  })

  it('caps the shared memory of an integrated GPU on Windows at half of RAM', () => {
    // 15.84 of 31.69 in the recording.
    const [gpu] = replayed('windows-igpu-share-added-to-ram').accelerators
    expect(gpu?.usableBytes).toBe(Math.floor(34_026_878_403 / 2))
  })

  it('does not take page cache in a container for used memory', () => {
    const { memory } = replayed('lxc-uncapped-memory-max')
    expect(memory.freeBytes).toBe(kibibytesToBytes(30_000_000))
    expect(memory.limitBytes).toBe(memory.totalBytes)
  })

  it('multiplies memory speed by the real width of a soldered module', () => {
    // 16 bits × 2133 MT/s = 4.266 GB/s.
    expect(replayed('dmidecode-soldered-16bit').memory.bandwidthBytesPerSecond).toBe(4.266e9)
  })

  it('tells performance cores from efficiency cores', () => {
    expect(replayed('mac-m4pro-perflevels').cpu).toMatchObject({
      physicalCores: 12,
      logicalCores: 12,
      performanceCores: 8,
      features: ['neon', 'dotprod'],
    })
  })

  it('knows WSL2 from the recording and says where an estimate comes from', () => {
    expect(replayed('wsl2-rtx5080').os).toMatchObject({ platform: 'linux', virtualization: 'wsl2' })
    expect(replayed('wmi-r9700-capped').sources['accelerators.0.memoryBytes']).toMatchObject({
      source: 'accelerator table',
      rule: expect.stringContaining('estimate'),
    })
  })

  it('shares the RAM with an integrated GPU on Linux, once', () => {
    const path = new URL('fixtures/lunar-lake-lspci.json', import.meta.url)
    const recording = JSON.parse(readFileSync(path, 'utf8')) as { os: string; raw: Record<string, string> }
    // 33092723016 bytes rounded to the kB that meminfo prints.
    const meminfo = 'MemTotal:       32317112 kB\nMemAvailable:   20000000 kB\n'
    const result = replayMachine({ ...recording, raw: { ...recording.raw, '/proc/meminfo': meminfo } }, specs)
    if (result.kind === 'error') throw new Error(result.message)
    expect(result.machine.accelerators[0]?.memoryBytes).toBe(kibibytesToBytes(32_317_112))
    expect(result.machine.memory.totalBytes).toBe(kibibytesToBytes(32_317_112))
  })
})

describe('replayMachine on what is no recording', () => {
  it.each([[null], ['text'], [[]], [{ os: 'linux' }], [{ raw: {} }], [{ os: 'plan9', raw: {} }]])(
    'refuses %j',
    (value) => {
      expect(replayMachine(value, specs)).toMatchObject({ kind: 'error' })
    },
  )

  it('makes an empty machine of an empty recording, with null for what is unknown', () => {
    const result = replayMachine({ os: 'linux', raw: {} }, specs)
    expect(result).toMatchObject({
      kind: 'ok',
      machine: {
        accelerators: [],
        backends: ['cpu'],
        memory: { totalBytes: null, freeBytes: null, limitBytes: null, bandwidthBytesPerSecond: null },
        cpu: { physicalCores: null, usableCores: null },
      },
    })
  })
})
