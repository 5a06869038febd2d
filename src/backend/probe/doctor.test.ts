import { describe, expect, it } from 'vitest'
import { doctorReport, recordBundle } from '#backend/probe/doctor.ts'
import type { ScanResult } from '#backend/probe/probe.ts'
import { replayMachine } from '#backend/probe/replay.ts'
import { scrub } from '#backend/probe/scrub.ts'

const identity = { userName: 'mkowalska', hostName: 'ws-lab-17', homeFolder: '/home/mkowalska' }

describe('scrub', () => {
  it.each([
    ['Serial Number: PF2ABC9X', 'PF2ABC9X'],
    ['\tSerial Number: 0x12345678', '0x12345678'],
    ['{"serial":"3d1219c7c4","model":"X"}', '3d1219c7c4'],
    ['GPU UUID: GPU-5a4e6b7c-1111-2222-3333-444455556666', '5a4e6b7c'],
    ['uuid 4c4c4544-0042-3510-8052-b4c04f4d3332', '4c4c4544'],
    ['/sys/fs/cgroup/docker/fd1e02a3762c24b86a5e8eb3ef11bda8/memory.max', 'fd1e02a3'],
    ['link/ether 00:1b:63:84:45:e6', '00:1b:63'],
    ['inet 192.168.7.31/24', '192.168.7.31'],
    ['inet6 fe80::21b:63ff:fe84:45e6/64', '21b:63ff'],
    ['mounted at /home/mkowalska/models on ws-lab-17', 'mkowalska'],
    ['mounted on WS-LAB-17.example', 'WS-LAB-17'],
    ['C:\\Users\\Marta K\\models', 'Marta'],
    ['/Users/other/Library', 'other'],
    ['mail marta.kowalska@example.org now', 'marta.kowalska'],
  ])('removes what is personal in %j', (text, secret) => {
    expect(scrub(text, identity)).not.toContain(secret)
  })

  it('leaves names that every machine has', () => {
    const anybody = { userName: 'root', hostName: 'localhost', homeFolder: '/root' }
    const text = 'BOOT_IMAGE=/vmlinuz root=UUID localhost'
    expect(scrub(text, anybody)).toBe(text)
  })

  it.each([
    '0000:01:00.0 VGA compatible controller [0300]: NVIDIA Corporation AD102 [GeForce RTX 4090] [10de:2684] (rev a1)',
    '0, 00000000:01:00.0, 0x268410DE, NVIDIA GeForce RTX 4090, 24564, 23592, 8.9, 570.86.10, [N/A]',
    'MemTotal:       33554432 kB',
    'DriverVersion 32.0.101.5972',
    'flags : fpu vme de pse tsc',
    '/sys/bus/pci/devices/0000:03:00.0/tile0/physical_vram_size_bytes',
    '{"MatchingDeviceId":"PCI\\\\VEN_10DE&DEV_2684","qwMemorySize":25757220864}',
  ])('keeps what tells the kind of machine: %s', (text) => {
    expect(scrub(text, identity)).toBe(text)
  })
})

const scan: ScanResult = {
  tools: [
    { name: 'nvidia-smi', milliseconds: 41, outcome: 'ok', detail: null },
    { name: 'vulkaninfo', milliseconds: 10_003, outcome: 'timed-out', detail: 'no answer within 10 s' },
  ],
  raw: {
    os: 'linux',
    recordedAt: '2026-11-25T04:00:00.000Z',
    raw: {
      'nvidia-smi --query-gpu=index,name,memory.total,memory.free --format=csv,noheader,nounits':
        '0, NVIDIA GeForce RTX 4090, 24564, 23592\n',
      '/proc/meminfo': 'MemTotal:       67108864 kB\nMemAvailable:   50000000 kB\n',
      disks: '[{"mount":"/home/mkowalska","totalBytes":1000,"freeBytes":500,"holdsModels":true}]',
    },
  },
  machine: { accelerators: [] } as never,
}

function replayed(recording: unknown) {
  const result = replayMachine(recording, [])
  if (result.kind === 'error') throw new Error(result.message)
  return result.machine
}

const versions = { appVersion: '0.1.0', nodeLlamaCppVersion: '3.22.1', llamaCppRelease: 'b9860' }

describe('recordBundle', () => {
  it('replays to the same machine and names nobody', () => {
    const bundle = recordBundle(scan, versions, identity)
    const text = JSON.stringify(bundle)
    expect(text).not.toMatch(/mkowalska|ws-lab-17/)
    const original = replayed(scan.raw)
    expect(replayed(JSON.parse(text))).toEqual({
      ...original,
      disks: original.disks.map((disk) => ({ ...disk, mount: '<home>' })),
    })
    expect(original.accelerators[0]?.name).toBe('NVIDIA GeForce RTX 4090')
  })
})

describe('doctorReport', () => {
  it('tells versions, devices, tools and their timing, and names nobody', () => {
    const report = doctorReport({ ...scan, machine: replayed(scan.raw) }, versions, identity)
    expect(report).toContain('Inhouse 0.1.0')
    expect(report).toContain('llama.cpp b9860')
    expect(report).toContain('NVIDIA GeForce RTX 4090')
    expect(report).toMatch(/vulkaninfo\s+10003 ms {2}timed-out {2}no answer within 10 s/)
    expect(report).not.toMatch(/mkowalska|ws-lab-17/)
  })
})
