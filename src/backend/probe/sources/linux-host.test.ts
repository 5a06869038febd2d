import { describe, expect, it } from 'vitest'
import { replayMachine } from '#backend/probe/replay.ts'
import { cgroupPaths } from '#backend/probe/tools/linux-tools.ts'
import type { Machine } from '#core/machine/machine.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

function machineOf(raw: Readonly<Record<string, string>>): Machine {
  const result = replayMachine({ os: 'linux', raw }, [])
  if (result.kind === 'error') throw new Error(result.message)
  return result.machine
}

const MEMINFO = 'MemTotal:       33554432 kB\nMemFree:  1000000 kB\nMemAvailable:   30000000 kB\n'

/** Two hyper-threaded P-cores and two E-cores, as /proc/cpuinfo numbers them on a hybrid Intel CPU. */
const HYBRID_CPUINFO = [
  [0, 0],
  [1, 0],
  [2, 4],
  [3, 4],
  [4, 8],
  [5, 9],
]
  .map(
    ([processor, core]) =>
      `processor\t: ${processor}\nvendor_id\t: GenuineIntel\nmodel name\t: 12th Gen Intel(R) Core(TM) i7-1265U\nphysical id\t: 0\ncore id\t\t: ${core}\nflags\t\t: fpu sse4_2 avx f16c fma avx2 avx_vnni\n`,
  )
  .join('\n')

describe('memory limits', () => {
  it('takes the smallest limit up the cgroup v2 tree and counts reclaimable cache as free', () => {
    const { memory } = machineOf({
      '/proc/meminfo': MEMINFO,
      '/sys/fs/cgroup/memory.max': 'max\n',
      '/sys/fs/cgroup/pods/memory.max': String(gibibytesToBytes(8)),
      '/sys/fs/cgroup/pods/memory.current': String(gibibytesToBytes(6)),
      '/sys/fs/cgroup/pods/memory.stat': `anon 1\ninactive_file ${gibibytesToBytes(3)}\nslab_reclaimable ${gibibytesToBytes(1)}\n`,
      '/sys/fs/cgroup/pods/one/memory.max': String(gibibytesToBytes(16)),
    })
    expect(memory.limitBytes).toBe(gibibytesToBytes(8))
    expect(memory.limitUsedBytes).toBe(gibibytesToBytes(2))
    expect(memory.totalBytes).toBe(gibibytesToBytes(32))
  })

  it('knows that a v1 group without limit prints about 2^63', () => {
    const { memory } = machineOf({
      '/proc/meminfo': MEMINFO,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    })
    expect(memory.limitBytes).toBe(gibibytesToBytes(32))
    expect(memory.limitUsedBytes).toBeNull()
  })

  it('reads a v1 limit', () => {
    const { memory } = machineOf({
      '/proc/meminfo': MEMINFO,
      '/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes': String(gibibytesToBytes(4)),
      '/sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes': String(gibibytesToBytes(3)),
      '/sys/fs/cgroup/memory/docker/x/memory.stat': `cache 1\ntotal_inactive_file ${gibibytesToBytes(2)}\n`,
    })
    expect(memory.limitBytes).toBe(gibibytesToBytes(4))
    expect(memory.limitUsedBytes).toBe(gibibytesToBytes(1))
  })

  it('walks from the own group to the root of both hierarchies', () => {
    const paths = cgroupPaths('4:memory:/docker/x\n0::/user.slice/app.scope\n')
    expect(paths).toContain('/sys/fs/cgroup/user.slice/app.scope/memory.max')
    expect(paths).toContain('/sys/fs/cgroup/user.slice/memory.max')
    expect(paths).toContain('/sys/fs/cgroup/memory.max')
    expect(paths).toContain('/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes')
    expect(paths).toContain('/sys/fs/cgroup/memory/memory.limit_in_bytes')
  })
})

describe('CPU', () => {
  it('counts cores once and P-cores apart', () => {
    const { cpu } = machineOf({ '/proc/cpuinfo': HYBRID_CPUINFO, '/sys/devices/cpu_core/cpus': '0-3\n' })
    expect(cpu).toMatchObject({
      vendor: 'Intel',
      physicalCores: 4,
      logicalCores: 6,
      performanceCores: 2,
      usableCores: 4,
      features: ['sse4_2', 'avx', 'f16c', 'fma', 'avx2', 'avx_vnni'],
    })
  })

  it('uses no more cores than the cgroup quota and the affinity allow', () => {
    const quota = { '/proc/cpuinfo': HYBRID_CPUINFO, '/sys/fs/cgroup/cpu.max': '150000 100000\n' }
    expect(machineOf(quota).cpu.usableCores).toBe(1)
    const affinity = { '/proc/cpuinfo': HYBRID_CPUINFO, 'node os': '{"availableParallelism":3}' }
    expect(machineOf(affinity).cpu.usableCores).toBe(3)
  })
})

describe('virtualization', () => {
  it.each([
    [{ '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2\n' }, 'wsl2'],
    [{ '/.dockerenv': '', '/proc/cpuinfo': HYBRID_CPUINFO }, 'container'],
    [{ '/proc/1/cgroup': '0::/kubepods/burstable/pod1\n', '/proc/cpuinfo': HYBRID_CPUINFO }, 'container'],
    [{ '/sys/class/dmi/id/sys_vendor': 'QEMU\n', '/proc/cpuinfo': HYBRID_CPUINFO }, 'vm'],
    [{ '/proc/cpuinfo': HYBRID_CPUINFO }, 'none'],
    [{}, null],
  ])('of %j is %s', (raw, expected) => {
    expect(machineOf(raw as Record<string, string>).os.virtualization).toBe(expected)
  })

  it('does not believe the module table of a hypervisor', () => {
    const dmidecode =
      'Memory Device\n\tData Width: 64 bits\n\tSize: 16 GB\n\tLocator: DIMM 0\n\tConfigured Memory Speed: 2400 MT/s\n'
    const real = machineOf({ '/proc/cpuinfo': HYBRID_CPUINFO, 'dmidecode -t memory': dmidecode })
    expect(real.memory.bandwidthBytesPerSecond).toBe(19.2e9)
    const guest = machineOf({
      '/proc/cpuinfo': HYBRID_CPUINFO,
      '/sys/class/dmi/id/sys_vendor': 'QEMU',
      'dmidecode -t memory': dmidecode,
    })
    expect(guest.memory.bandwidthBytesPerSecond).toBeNull()
  })
})
