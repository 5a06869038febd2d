import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import table from '#data/accelerators.json' with { type: 'json' }
import { interpret } from '#backend/probe/interpret.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Machine, Platform } from '#core/machine/machine.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const specs = (table.records as unknown as readonly Omit<AcceleratorSpec, 'origin'>[]).map(
  (record): AcceleratorSpec => ({ ...record, origin: 'shipped' }),
)

const QUERY =
  'nvidia-smi --query-gpu=index,pci.bus_id,name,memory.total,memory.free,driver_version --format=csv,noheader,nounits'

function machineOf(raw: Readonly<Record<string, string>>, platform: Platform = 'linux'): Machine {
  const entries = Object.entries(raw).map(([key, text]) => ({ key, text, exitCode: null }))
  return interpret(entries, { platform, hint: platform, specs, scannedAt: null }).machine
}

const TWO_CARDS =
  '0, 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 24000, 570.1\n1, 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 20000, 570.1\n'

describe('one device or two', () => {
  it('keeps two cards of one model apart and joins what is at one address', () => {
    const machine = machineOf({
      [QUERY]: TWO_CARDS,
      'lspci -nnDk':
        '0000:02:00.0 VGA compatible controller [0300]: NVIDIA Corporation GA102 [GeForce RTX 3090] [10de:2204] (rev a1)\n\tKernel driver in use: nvidia\n0000:01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GA102 [GeForce RTX 3090] [10de:2204] (rev a1)\n\tKernel driver in use: nvidia\n',
    })
    expect(machine.accelerators.map((card) => [card.pciAddress, card.freeBytes, card.pciId])).toEqual([
      ['0000:01:00.0', mebibytesToBytes(24000), '10de:2204'],
      ['0000:02:00.0', mebibytesToBytes(20000), '10de:2204'],
    ])
  })

  it('joins lists in opposite order by name when there is no address', () => {
    const machine = machineOf(
      {
        'nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits':
          'NVIDIA GeForce RTX 4090, 24564\n',
        'llama-server --list-devices':
          'Available devices:\n  Vulkan0: AMD Radeon RX 7900 XTX (24560 MiB, 24000 MiB free)\n  CUDA0: NVIDIA GeForce RTX 4090 (24564 MiB, 23592 MiB free)\n',
      },
      'windows',
    )
    expect(machine.accelerators.map((card) => card.name)).toEqual([
      'NVIDIA GeForce RTX 4090',
      'AMD Radeon RX 7900 XTX',
    ])
  })
})

describe('MIG', () => {
  // The recorded MIG block under the device lines of the card it belongs to.
  const TABLE = [
    '| NVIDIA-SMI 535.104.05             Driver Version: 535.104.05   CUDA Version: 12.2     |',
    '|   1  NVIDIA A100-SXM4-80GB          On  | 00000000:41:00.0 Off |                   On |',
    '| N/A   35C    P0              90W / 400W |  24205MiB / 81920MiB |     N/A      Default |',
    '|  1    3   0   0  |  14366MiB / 19968MiB | 28      0 |  2   0    1    0    0 |',
    '|  1    5   0   1  |   9826MiB / 19968MiB | 28      0 |  2   0    1    0    0 |',
    '',
  ].join('\n')

  it('uses the slices instead of the card, each with its share of the bandwidth', () => {
    const { accelerators } = machineOf({
      'nvidia-smi': TABLE,
      'lspci -nnDk':
        '0000:41:00.0 3D controller [0302]: NVIDIA Corporation GA100 [A100 SXM4 80GB] [10de:20b2] (rev a1)\n\tKernel driver in use: nvidia\n',
    })
    expect(accelerators.map((card) => [card.migProfile, card.memoryBytes])).toEqual([
      ['2g.20gb', mebibytesToBytes(19968)],
      ['2g.20gb', mebibytesToBytes(19968)],
    ])
    // 2 of 8 memory slices of 2039 GB/s.
    expect(accelerators[0]?.performance?.bandwidthBytesPerSecond).toBe(2039e9 / 4)
  })
})

describe('usable or not', () => {
  const inventory = (driver: string) =>
    `0000:01:00.0 VGA compatible controller [0300]: NVIDIA Corporation AD102 [GeForce RTX 4090] [10de:2684] (rev a1)\n\tKernel driver in use: ${driver}\n`

  it.each([
    ['nouveau', 'nouveau'],
    ['vfio-pci', 'virtual machine'],
  ])('a card bound to %s is there but not usable, and says why', (driver, word) => {
    const [card] = machineOf({ 'lspci -nnDk': inventory(driver) }).accelerators
    expect(card).toMatchObject({ name: 'NVIDIA GeForce RTX 4090', usable: false })
    expect(card?.unusableReason).toContain(word)
  })

  it('believes the runtime over everybody', () => {
    const [card] = machineOf({
      'lspci -nnDk': inventory('nvidia'),
      'node-llama-cpp runtime': JSON.stringify({ gpuTypes: [false], gpu: false, devices: [], vram: null }),
    }).accelerators
    expect(card?.usable).toBe(false)
    const usable = machineOf({
      'lspci -nnDk': inventory('nvidia'),
      'node-llama-cpp runtime': JSON.stringify({
        gpuTypes: ['vulkan', false],
        gpu: 'vulkan',
        devices: ['NVIDIA GeForce RTX 4090'],
        vram: { total: 25_757_220_864, used: 0, free: 24_000_000_000, unifiedSize: 0 },
      }),
    })
    expect(usable.accelerators).toHaveLength(1)
    expect(usable.accelerators[0]).toMatchObject({ usable: true, memoryBytes: 25_757_220_864 })
    expect(usable.backends).toEqual(['vulkan', 'cpu'])
  })
})

describe('names the runtime gives', () => {
  it('drops renderers that run on the CPU and the renderer suffix', () => {
    const { accelerators } = machineOf({
      'node-llama-cpp runtime': JSON.stringify({
        gpuTypes: ['vulkan', false],
        gpu: 'vulkan',
        devices: ['AMD Radeon RX 7900 XTX (RADV NAVI31)', 'llvmpipe (LLVM 17.0.0, 256 bits)'],
        vram: { total: 25_753_026_560, used: 0, free: 25_000_000_000, unifiedSize: 0 },
      }),
    })
    expect(accelerators.map((card) => card.name)).toEqual(['AMD Radeon RX 7900 XTX'])
  })

  it('takes an Intel GPU that is no Arc card for a part of the CPU', () => {
    const raw = {
      'Get-CimInstance Win32_VideoController': '{"Name":"Intel(R) Graphics","AdapterRAM":134217728}',
    }
    const [gpu] = machineOf(raw, 'windows').accelerators
    expect(gpu).toMatchObject({ integrated: true, unified: true, memoryBytes: null })
  })
})

describe('one PowerShell answer', () => {
  it('pairs WMI with the registry by PCI id and keeps carve-out and RAM apart', () => {
    const inventory = {
      video: [
        {
          Name: 'AMD Radeon(TM) Graphics',
          PNPDeviceID: 'PCI\\VEN_1002&DEV_164E&SUBSYS_1&REV_C1',
          AdapterRAM: 536870912,
        },
        {
          Name: 'NVIDIA GeForce RTX 4070 Ti',
          PNPDeviceID: 'PCI\\VEN_10DE&DEV_2782&SUBSYS_1&REV_A1',
          AdapterRAM: 4293918720,
        },
        { Name: 'Parsec Virtual Display Adapter', PNPDeviceID: 'ROOT\\DISPLAY\\0000', AdapterRAM: null },
      ],
      registry: [
        {
          MatchingDeviceId: 'PCI\\VEN_10DE&DEV_2782',
          DriverDesc: 'NVIDIA GeForce RTX 4070 Ti',
          qwMemorySize: 12878610432,
        },
        {
          MatchingDeviceId: 'PCI\\VEN_1002&DEV_164E',
          DriverDesc: 'AMD Radeon(TM) Graphics',
          qwMemorySize: 536870912,
        },
      ],
      memory: {
        Capacity: 34359738368,
        Speed: 5600,
        ConfiguredClockSpeed: 5200,
        DeviceLocator: 'DIMM_A2',
        DataWidth: 64,
      },
      system: { TotalPhysicalMemory: 33500000000, Manufacturer: 'ASUS', Model: 'System Product Name' },
      os: { Caption: 'Microsoft Windows 11 Pro', Version: '10.0.26100', FreePhysicalMemory: 20000000 },
      cpu: {
        Name: 'AMD Ryzen 9 7950X 16-Core Processor',
        NumberOfCores: 16,
        NumberOfLogicalProcessors: 32,
      },
    }
    const machine = machineOf({ 'powershell inventory': JSON.stringify(inventory) }, 'windows')
    expect(machine.accelerators.map((card) => [card.name, card.memoryBytes, card.integrated])).toEqual([
      ['NVIDIA GeForce RTX 4070 Ti', 12_878_610_432, false],
      // Named by its id, 1002:164e; carve-out and half of what Windows sees.
      ['AMD Radeon Graphics 2 CU (Raphael / Granite Ridge desktop)', 536_870_912 + 16_750_000_000, true],
    ])
    expect(machine.memory).toMatchObject({
      totalBytes: 34_359_738_368,
      limitBytes: 33_500_000_000,
      freeBytes: 20_480_000_000,
      bandwidthBytesPerSecond: 41.6e9,
    })
    // Its one module, not the table's best case of two.
    expect(machine.accelerators[1]?.performance?.bandwidthBytesPerSecond).toBe(41.6e9)
    expect(machine.cpu).toMatchObject({ physicalCores: 16, logicalCores: 32 })
    expect(machine.os).toMatchObject({ name: 'Microsoft Windows 11 Pro', virtualization: 'none' })
    expect(machine.warnings.map((warning) => warning.code)).toEqual(['gpu-virtual-ignored'])
  })
})

describe('disagreement', () => {
  it('keeps what the others said and the rule that settled it', () => {
    const machine = machineOf(
      {
        [QUERY]: '0, 00000000:01:00.0, NVIDIA GeForce RTX 4090, 24564, 23592, 570.1\n',
        "PowerShell 'Name|AdapterRAM' lines": 'NVIDIA GeForce RTX 4090|3221225472\n',
      },
      'windows',
    )
    expect(machine.sources['accelerators.0.memoryBytes']).toEqual({
      source: 'nvidia-smi',
      rule: expect.any(String),
      others: [{ source: 'WMI', value: '3221225472' }],
    })
  })

  it('limits the pool of an APU to what is installed', () => {
    // A 128 GiB Strix Halo whose tools summed 8 GiB VRAM and 124 GiB GTT to 132 GiB.
    const machine = machineOf({
      '/proc/meminfo': `MemTotal: ${120 * 1024 ** 2} kB\nMemAvailable: ${100 * 1024 ** 2} kB\n`,
      '/sys/class/drm/card0/device/mem_info_vram_total': String(gibibytesToBytes(8)),
      '/sys/class/drm/card0/device/mem_info_gtt_total': String(gibibytesToBytes(124)),
      '/sys/class/drm/card0/device/device': '0x1586',
      '/sys/class/drm/card0/device/revision': '0xc1',
    })
    expect(machine.accelerators[0]).toMatchObject({
      memoryBytes: gibibytesToBytes(128),
      specId: 'amd-radeon-8060s-strix-halo',
    })
  })
})

describe('any text at all', () => {
  it('gives a machine and never throws', () => {
    const keys = [
      QUERY,
      'nvidia-smi',
      'lspci -nnDk',
      'rocm-smi --showmeminfo vram',
      'rocminfo',
      'vulkaninfo --summary',
      'llama-server --list-devices',
      'node-llama-cpp runtime',
      'powershell inventory',
      'wmic path win32_VideoController get name',
      'si.graphics()',
      'system_profiler SPDisplaysDataType -json',
      'sysctl hw.memsize',
      '/proc/meminfo',
      '/proc/cpuinfo',
      '/sys/fs/cgroup/memory.max',
      'dmidecode -t memory',
      'node os',
      'disks',
    ]
    const text = fc.oneof(fc.string(), fc.json(), fc.constantFrom('[N/A]', '{}', '[null]', '0', '-1', 'null'))
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), text),
        fc.constantFrom('linux', 'windows', 'macos'),
        (raw, platform) => {
          const machine = machineOf(raw, platform)
          for (const card of machine.accelerators) expect(card.memoryBytes).not.toBe(0)
          expect(machine.memory.totalBytes).not.toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })
})
