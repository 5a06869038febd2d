import { describe, expect, it } from 'vitest'
import table from '#data/accelerators.json' with { type: 'json' }
import { replayMachine } from '#backend/probe/replay.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Machine } from '#core/machine/machine.ts'
import { gibibytesToBytes, kibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

/**
 * The same facts in the other forms their tools print them in: texts after each tool's documented format, with the
 * sizes real cards report. The recorded machines are in `replay.test.ts`.
 */
const specs = (table.records as unknown as readonly Omit<AcceleratorSpec, 'origin'>[]).map(
  (record): AcceleratorSpec => ({ ...record, origin: 'shipped' }),
)

function replayed(os: string, raw: Readonly<Record<string, unknown>>): Machine {
  const result = replayMachine({ os, raw }, specs)
  if (result.kind === 'error') throw new Error(result.message)
  return result.machine
}

/** Name and memory of each device. */
function devices(
  os: string,
  raw: Readonly<Record<string, unknown>>,
): readonly (readonly [string, number | null])[] {
  return replayed(os, raw).accelerators.map(({ name, memoryBytes }) => [name, memoryBytes])
}

function lines(...text: readonly string[]): string {
  return `${text.join('\n')}\n`
}

const CIM = 'Get-CimInstance Win32_VideoController | Select Name,AdapterRAM | ConvertTo-Json'
const CAPPED = 4_293_918_720

describe('nvidia-smi', () => {
  const FOURTH: readonly [string, number] = ['NVIDIA GeForce RTX 4090', mebibytesToBytes(24564)]

  it('is read with any columns, units and line ends', () => {
    const text =
      'name, memory.total [MiB], pci.bus_id\r\nNVIDIA GeForce RTX 4090, 24564 MiB, 00000000:01:00.0\r\nNVIDIA GeForce RTX 4090, 24564 MiB, 00000000:02:00.0\r\n\r\n'
    expect(
      devices('linux', { 'nvidia-smi --query-gpu=name,memory.total,pci.bus_id --format=csv': text }),
    ).toEqual([FOURTH, FOURTH])
  })

  it('is read where a column holds a decimal comma', () => {
    const key = 'nvidia-smi --query-gpu=name,memory.total,power.draw --format=csv,noheader'
    expect(devices('linux', { [key]: 'NVIDIA GeForce RTX 4090, 24564 MiB, 23,45 W\n' })).toEqual([FOURTH])
  })

  it('lists cards and slices with -L; the same card asked twice is one', () => {
    const list = 'GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-1)\n'
    expect(devices('linux', { 'nvidia-smi -L': list })).toEqual([FOURTH])
    const query = {
      'nvidia-smi --query-gpu=name,memory.total --format=csv,noheader':
        'NVIDIA GeForce RTX 4090, 24564 MiB\n',
    }
    expect(devices('linux', { 'nvidia-smi -L': list, ...query })).toEqual([FOURTH])
    const slices = lines(
      'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5)',
      '  MIG 3g.20gb     Device  0: (UUID: MIG-1)',
      '  MIG 2g.10gb     Device  1: (UUID: MIG-2)',
    )
    expect(devices('linux', { 'nvidia-smi -L': slices })).toEqual([
      ['NVIDIA A100-SXM4-40GB MIG 3g.20gb', gibibytesToBytes(20)],
      ['NVIDIA A100-SXM4-40GB MIG 2g.10gb', gibibytesToBytes(10)],
    ])
  })

  it('reads the long log, where only the frame buffer is memory', () => {
    const text = lines(
      'Driver Version                            : 550.54',
      'GPU 00000000:01:00.0',
      '    Product Name                          : NVIDIA RTX A6000',
      '    FB Memory Usage',
      '        Total                             : 49140 MiB',
      '        Reserved                          : 600 MiB',
      '        Free                              : 48500 MiB',
      '    BAR1 Memory Usage',
      '        Total                             : 256 MiB',
    )
    expect(replayed('linux', { 'nvidia-smi -q': text }).accelerators).toMatchObject([
      {
        name: 'NVIDIA RTX A6000',
        memoryBytes: mebibytesToBytes(49140),
        freeBytes: mebibytesToBytes(48500),
        pciAddress: '0000:01:00.0',
        driverVersion: '550.54',
      },
    ])
  })

  it('completes a name that its table cut short by the size, and never takes a laptop part for the card', () => {
    const laptop = lines(
      '|   0  NVIDIA GeForce RTX 4070 ...  WDDM  |   00000000:01:00.0 Off |                  N/A |',
      '| N/A   45C    P8              3W /   60W |       0MiB /   8188MiB |      0%      Default |',
    )
    expect(devices('windows', { 'nvidia-smi': laptop })).toEqual([
      ['NVIDIA GeForce RTX 4070 Laptop GPU', mebibytesToBytes(8188)],
    ])
    const named = [{ Name: 'NVIDIA GeForce RTX 4070 Laptop GPU', AdapterRAM: CAPPED }]
    expect(devices('windows', { 'nvidia-smi': laptop, [CIM]: named })).toHaveLength(1)
    const old = lines(
      '|   0  GeForce GTX 108...  Off  | 00000000:01:00.0  On |                  N/A |',
      '|  0%   50C    P8    12W / 250W |    250MiB / 11178MiB |      0%      Default |',
    )
    expect(devices('linux', { 'nvidia-smi': old })).toEqual([
      ['NVIDIA GeForce GTX 1080 Ti', mebibytesToBytes(11178)],
    ])
  })

  it('shows a card whose driver only answers errors as one that cannot be used', () => {
    const key = 'nvidia-smi --query-gpu=name,memory.total,pci.bus_id --format=csv,noheader'
    const { accelerators } = replayed('linux', {
      [key]:
        'NVIDIA GeForce RTX 3090, 24576 MiB, 00000000:01:00.0\n[Unknown Error], [Unknown Error], 00000000:02:00.0\n',
    })
    expect(accelerators.map(({ usable }) => usable)).toEqual([true, false])
  })

  it('takes the free memory of a carve-out for none of the pool', () => {
    const { accelerators } = replayed('windows', {
      'nvidia-smi --query-gpu=name,memory.total,memory.free,pci.device_id --format=csv,noheader,nounits':
        'NVIDIA RTX Spark N1X, 8128, 7929, 0x2E0310DE\n',
      '(Get-CimInstance Win32_PhysicalMemory | Measure-Object -Property Capacity -Sum).Sum': '137438953472',
    })
    expect(accelerators).toMatchObject([{ memoryBytes: 137_438_953_472, freeBytes: null, unified: true }])
  })
})

describe('lspci, sysfs and the device tree', () => {
  it('reads lspci without ids, and leaves out what is no GPU', () => {
    const text = lines(
      '00:02.0 VGA compatible controller: Intel Corporation Alder Lake-P Integrated Graphics Controller (rev 0c)',
      '01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)',
      '01:00.1 Audio device: NVIDIA Corporation GA102 High Definition Audio Controller (rev a1)',
      '03:00.0 VGA compatible controller: ASPEED Technology, Inc. ASPEED Graphics Family (rev 41)',
    )
    expect(replayed('linux', { lspci: text }).accelerators).toMatchObject([
      { name: 'NVIDIA GeForce RTX 3090', memoryBytes: gibibytesToBytes(24), integrated: false },
      { vendor: 'Intel', memoryBytes: null, integrated: true },
    ])
  })

  it('gives the sizes of like cards to like cards, and counts each once', () => {
    const card = (address: string): string =>
      `${address} Display controller [0380]: Advanced Micro Devices, Inc. [AMD/ATI] Vega 20 [Radeon Pro VII/Radeon Instinct MI50 32GB] [1002:66a1] (rev 02)`
    const { accelerators } = replayed('linux', {
      'lspci -nn': lines(card('03:00.0'), card('43:00.0')),
      '/sys/class/drm/card0/device/mem_info_vram_total': '34342961152\n',
      '/sys/class/drm/card1/device/mem_info_vram_total': '34342961152\n',
    })
    expect(accelerators.map(({ pciAddress, memoryBytes }) => [pciAddress, memoryBytes])).toEqual([
      ['0000:03:00.0', 34_342_961_152],
      ['0000:43:00.0', 34_342_961_152],
    ])
  })

  it('knows a card by the vendor and device files alone', () => {
    const files = { vendor: '0x10de\n', device: '0x2684\n' }
    const raw = Object.fromEntries(
      Object.entries(files).map(([file, text]) => [`/sys/class/drm/card0/device/${file}`, text]),
    )
    expect(devices('linux', raw)).toEqual([['NVIDIA GeForce RTX 4090', mebibytesToBytes(24564)]])
  })

  it('knows a Jetson without nvidia-smi, and no GPU on a Raspberry Pi', () => {
    const meminfo = { '/proc/meminfo': 'MemTotal:        7802276 kB\nMemAvailable:    5000000 kB\n' }
    const model = '/proc/device-tree/model'
    expect(
      replayed('linux', { [model]: 'NVIDIA Jetson Orin Nano Developer Kit\u0000', ...meminfo }).accelerators,
    ).toMatchObject([{ vendor: 'NVIDIA', unified: true, memoryBytes: kibibytesToBytes(7_802_276) }])
    const pi = {
      [model]: 'Raspberry Pi 5 Model B Rev 1.0\u0000',
      'vulkaninfo --summary':
        'GPU0:\n\tdeviceName = V3D 7.1.7\n\tdeviceType = PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU\n',
    }
    expect(devices('linux', { ...pi, ...meminfo })).toEqual([])
  })

  it('takes the Direct3D layer of WSL for no second card', () => {
    expect(
      devices('linux (WSL2)', {
        '/usr/lib/wsl/lib/nvidia-smi --query-gpu=name,memory.total --format=csv,noheader':
          'NVIDIA GeForce RTX 4090, 24564 MiB\n',
        'vulkaninfo --summary': 'GPU0:\n\tdeviceName = Microsoft Direct3D12 (NVIDIA GeForce RTX 4090)\n',
      }),
    ).toEqual([['NVIDIA GeForce RTX 4090', mebibytesToBytes(24564)]])
  })
})

describe("AMD's tools as JSON", () => {
  it('joins calls by card and skips the warning above the JSON', () => {
    expect(
      devices('linux', {
        'rocm-smi --showmeminfo vram --json':
          'WARNING: AMD GPU device(s) is/are in a low-power state.\n\n{"card0": {"VRAM Total Memory (B)": "25753026560"}}\n',
        'rocm-smi --showproductname --json':
          '{"card0": {"Card Series": "Radeon RX 7900 XTX", "Card Model": "0x744c"}}',
      }),
    ).toEqual([['Radeon RX 7900 XTX', 25_753_026_560]])
  })

  it('reads amd-smi', () => {
    const gpu = {
      gpu: 0,
      asic: { market_name: 'AMD Instinct MI300X', device_id: '0x74a1' },
      bus: { bdf: '0000:05:00.0' },
      vram: { size: { value: 196592, unit: 'MB' } },
    }
    // 206141652992 bytes is what amdgpu reports for the same card.
    expect(devices('linux', { 'amd-smi static --json': [gpu] })).toEqual([
      ['AMD Instinct MI300X', 206_141_652_992],
    ])
  })
})

describe('Windows', () => {
  it.each([
    ['csv', 'Node,AdapterRAM,Name\r\r\nPC,4293918720,AMD Radeon RX 6700 XT\r\r\n'],
    ['list', '\r\r\nAdapterRAM=4293918720\r\r\nName=AMD Radeon RX 6700 XT\r\r\n\r\r\n'],
  ])('reads wmic as %s', (form, text) => {
    const key = `wmic path win32_VideoController get Name,AdapterRAM /format:${form}`
    expect(devices('windows', { [key]: text })).toEqual([['AMD Radeon RX 6700 XT', gibibytesToBytes(12)]])
  })

  it.each([
    'Name       : AMD Radeon RX 6700 XT\r\nAdapterRAM : 4293918720\r\n',
    'Name                  AdapterRAM\r\n----                  ----------\r\nAMD Radeon RX 6700 XT 4293918720\r\n',
  ])('reads what PowerShell shows: %j', (text) => {
    const key = 'Get-CimInstance Win32_VideoController | Select Name,AdapterRAM'
    expect(devices('windows', { [key]: `\r\n\r\n${text}\r\n` })).toEqual([
      ['AMD Radeon RX 6700 XT', gibibytesToBytes(12)],
    ])
  })

  it.each([
    ['17173577728'],
    ['0x3ffa00000'],
    ['    HardwareInformation.qwMemorySize    REG_QWORD    0x3ffa00000\r\n'],
    ['00 00 a0 ff 03 00 00 00'],
  ])('takes a size of the registry without a name for the only card: %j', (text) => {
    const adapter = { Name: 'Intel(R) Arc(TM) A770 Graphics', AdapterRAM: 2_147_479_552 }
    expect(devices('windows', { [CIM]: adapter, 'registry HardwareInformation.qwMemorySize': text })).toEqual(
      [['Intel(R) Arc(TM) A770 Graphics', 0x3ffa00000]],
    )
  })

  it('leaves out cards that only the registry still remembers', () => {
    const remembered = [
      { DriverDesc: 'NVIDIA GeForce GTX 1080', qwMemorySize: 8_589_934_592 },
      { DriverDesc: 'NVIDIA GeForce RTX 4090', qwMemorySize: 25_757_220_864 },
    ]
    const registry = { 'registry HardwareInformation.qwMemorySize by DriverDesc': remembered }
    const present = { [CIM]: { Name: 'NVIDIA GeForce RTX 4090', AdapterRAM: CAPPED } }
    expect(devices('windows', { ...registry, ...present })).toEqual([
      ['NVIDIA GeForce RTX 4090', 25_757_220_864],
    ])
    // Where nothing lists what is present, the registry is all there is.
    expect(devices('windows', registry)).toHaveLength(2)
  })

  it('reads the RAM of the system where the modules are not listed', () => {
    const machine = replayed('windows', {
      '(Get-CimInstance Win32_ComputerSystem).TotalPhysicalMemory': '33957408768\r\n',
    })
    expect(machine.memory).toMatchObject({ totalBytes: 33_957_408_768, limitBytes: 33_957_408_768 })
  })
})

describe('a Mac', () => {
  it('reads the text form and values alone', () => {
    const machine = replayed('macos', {
      'system_profiler SPDisplaysDataType': lines(
        'Graphics/Displays:',
        '    Apple M2 Pro:',
        '      Chipset Model: Apple M2 Pro',
        '      Bus: Built-In',
        '      Total Number of Cores: 19',
        '      Vendor: Apple (0x106b)',
      ),
      'sysctl -n hw.memsize machdep.cpu.brand_string': '34359738368\nApple M2 Pro\n',
    })
    expect(machine.accelerators).toMatchObject([
      { name: 'Apple M2 Pro', gpuCores: 19, specId: 'apple-m2-pro-19', memoryBytes: gibibytesToBytes(32) },
    ])
    expect(machine.cpu.name).toBe('Apple M2 Pro')
  })

  it('has the memory that the library read of a card beside an Intel CPU', () => {
    const controllers = [{ vendor: 'AMD', model: 'AMD Radeon RX 580', bus: 'PCIe', vram: 8192 }]
    expect(devices('macos', { 'si.graphics()': { controllers } })).toEqual([
      ['AMD Radeon RX 580', gibibytesToBytes(8)],
    ])
  })

  it('reads RAM and cores of the hardware overview', () => {
    const overview = {
      SPHardwareDataType: [
        { chip_type: 'Apple M4 Max', physical_memory: '128 GB', number_processors: 'proc 16:12:4' },
      ],
    }
    expect(replayed('macos', { 'system_profiler SPHardwareDataType -json': overview })).toMatchObject({
      cpu: { name: 'Apple M4 Max', physicalCores: 16, performanceCores: 12 },
      memory: { totalBytes: gibibytesToBytes(128) },
    })
  })
})

describe('RAM and CPU of Linux', () => {
  it.each([
    ['free -b', '67430039552', '58000000000', 67_430_039_552, 58_000_000_000],
    ['free -m', '64305', '55312', mebibytesToBytes(64305), mebibytesToBytes(55312)],
    ['free', '65848867', '56640000', kibibytesToBytes(65_848_867), kibibytesToBytes(56_640_000)],
  ])('reads %s', (key, total, available, totalBytes, freeBytes) => {
    const text = `               total        used        free      shared  buff/cache   available\nMem:  ${total}  1  1  1  1  ${available}\nSwap:  0  0  0\n`
    expect(replayed('linux', { [key]: text }).memory).toMatchObject({ totalBytes, freeBytes })
  })

  it('reads a file by the command that shows it', () => {
    const machine = replayed('linux (docker)', { 'cat /proc/meminfo': 'MemTotal:       16384000 kB\r\n' })
    expect(machine.memory.totalBytes).toBe(kibibytesToBytes(16_384_000))
    expect(machine.os.virtualization).toBe('container')
  })

  it('reads lscpu', () => {
    const text = lines(
      'CPU(s):                  32',
      'Model name:              AMD Ryzen 9 7950X 16-Core Processor',
      'Core(s) per socket:      16',
      'Socket(s):               1',
      'Flags:                   fpu avx avx2 avx512f',
    )
    expect(replayed('linux', { lscpu: text }).cpu).toMatchObject({
      name: 'AMD Ryzen 9 7950X 16-Core Processor',
      physicalCores: 16,
      logicalCores: 32,
      features: ['avx', 'avx2', 'avx512f'],
    })
  })
})
