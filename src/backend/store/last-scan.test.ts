import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readLastScan, writeLastScan } from '#backend/store/last-scan.ts'
import type { Machine } from '#core/machine/machine.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'inhouse-scan-'))))
afterEach(() => rm(folder, { recursive: true }))

const machine: Machine = {
  os: { platform: 'linux', name: null, version: null, architecture: 'x64', virtualization: null },
  cpu: {
    name: null,
    vendor: null,
    physicalCores: 2,
    logicalCores: 2,
    performanceCores: null,
    usableCores: 2,
    features: [],
  },
  memory: { totalBytes: 8e9, freeBytes: 4e9, limitBytes: 8e9, bandwidthBytesPerSecond: null },
  accelerators: [],
  disks: [],
  backends: ['cpu'],
  sources: {},
  warnings: [],
  scannedAt: '2026-11-23T10:00:00.000Z',
  asIf: false,
}

it('remembers a scan', async () => {
  expect(await readLastScan(folder)).toBeNull()
  await writeLastScan(folder, machine)
  expect(await readLastScan(folder)).toEqual(machine)
})

it.each([
  ['another format', { format: 'inhouse/last-scan/9', machine }],
  [
    'a machine without its accelerators',
    { format: 'inhouse/last-scan/1', machine: { ...machine, accelerators: null } },
  ],
  [
    'a machine with broken accelerators',
    { format: 'inhouse/last-scan/1', machine: { ...machine, accelerators: [7] } },
  ],
  ['an invented machine', { format: 'inhouse/last-scan/1', machine: { ...machine, asIf: true } }],
  ['something else', [1, 2]],
])('takes %s for no scan', async (_what, stored) => {
  await writeFile(path.join(folder, 'last-scan.json'), JSON.stringify(stored))
  expect(await readLastScan(folder)).toBeNull()
})
