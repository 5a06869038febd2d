import { getEventListeners } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFreeMemory } from '#backend/probe/free-memory.ts'
import { scanMachine, type ScanResult } from '#backend/probe/probe.ts'
import { replayMachine } from '#backend/probe/replay.ts'
import { systemRunner, type ToolRunner } from '#backend/probe/tool-runner.ts'

/** Real scripts found on the PATH stand in for vendor tools; POSIX only, as the scripts are. */
const onPosix = process.platform === 'linux' || process.platform === 'darwin'

let folder = ''
let path = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-'))
  path = process.env['PATH'] ?? ''
  process.env['PATH'] = `${folder}:${path}`
})

afterEach(async () => {
  process.env['PATH'] = path
  await rm(folder, { recursive: true, force: true })
})

async function tool(name: string, script: string): Promise<void> {
  const file = join(folder, name)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

/** Processes of a group that still run; a killed one nobody has collected yet (Z) does not. */
async function livingProcesses(group: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return stats.filter((stat) => {
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return processGroup === group && state !== 'Z'
  })
}

/** The machine without the second it takes to ask llama.cpp. */
const withoutRuntime: ToolRunner = {
  ...systemRunner,
  run: (command, args, options) =>
    command === process.execPath
      ? Promise.resolve({ outcome: 'missing', stdout: '', exitCode: null, detail: 'left out' })
      : systemRunner.run(command, args, options),
}

function scan(options: Partial<Parameters<typeof scanMachine>[0]> = {}): Promise<ScanResult> {
  return scanMachine({
    specs: [],
    runner: withoutRuntime,
    platform: 'linux',
    timeoutMilliseconds: 500,
    ...options,
  })
}

function toolOf(result: ScanResult, name: string) {
  return result.tools.find((report) => report.name === name)
}

describe.runIf(onPosix)('scanMachine with tools that misbehave', () => {
  it('stops a hanging tool with all it started, names it, and shows the rest meanwhile', async () => {
    // Longer than this test may take: a scan that waited for it would never pass.
    await tool('nvidia-smi', `echo $$ > ${folder}/pid; sleep 600 & sleep 600`)
    const updates: (readonly string[])[] = []
    const result = await scan({ onUpdate: ({ pendingTools }) => updates.push(pendingTools) })
    expect(toolOf(result, 'nvidia-smi')).toMatchObject({ outcome: 'timed-out' })
    expect(result.machine.warnings).toContainEqual(
      expect.objectContaining({ code: 'tool-timed-out', source: 'nvidia-smi' }),
    )
    expect(updates.some((pending) => pending.includes('nvidia-smi') && !pending.includes('proc'))).toBe(true)
    const group = (await readFile(join(folder, 'pid'), 'utf8')).trim()
    await expect.poll(() => livingProcesses(group)).toEqual([])
  })

  it('is not held up by a library that waits for the hanging tool itself', async () => {
    // systeminformation asks nvidia-smi synchronously once lspci answered, and gives it a minute.
    await tool('nvidia-smi', `echo $$ >> ${folder}/pids; sleep 100; echo >> ${folder}/waited-out`)
    await tool('lspci', 'echo "01:00.0 VGA compatible controller: NVIDIA Corporation GA102 (rev a1)"')
    const withoutLlama: ToolRunner = {
      ...systemRunner,
      run: (command, args, options) =>
        args.some((argument) => argument.includes('getLlama'))
          ? Promise.resolve({ outcome: 'missing', stdout: '', exitCode: null, detail: 'left out' })
          : systemRunner.run(command, args, options),
    }
    const result = await scan({ runner: withoutLlama, timeoutMilliseconds: 2000 })
    expect(toolOf(result, 'si.graphics')).toMatchObject({ outcome: 'timed-out' })
    // Whoever is frozen by the tool is let go only when it has slept out.
    expect(await readdir(folder)).not.toContain('waited-out')
    for (const pid of (await readFile(join(folder, 'pids'), 'utf8')).trim().split('\n'))
      await expect.poll(() => livingProcesses(pid)).toEqual([])
  })

  it('calls garbage garbage and makes no device of it', async () => {
    await tool('nvidia-smi', 'echo "%%% segfault at 0, core dumped, good luck"')
    await tool('lspci', 'head -c 2000 /dev/zero | tr "\\\\0" "x"')
    await tool('rocm-smi', 'echo hello')
    const result = await scan()
    expect(result.machine.accelerators.filter((card) => card.vendor === 'NVIDIA')).toEqual([])
    for (const name of ['nvidia-smi', 'lspci', 'rocm-smi'])
      expect(toolOf(result, name)).toMatchObject({ outcome: 'garbled' })
    expect(result.machine.warnings.filter((warning) => warning.code === 'tool-garbled')).toHaveLength(3)
  })

  it('cuts a tool off that never stops printing', async () => {
    await tool('nvidia-smi', 'yes 0123456789012345678901234567890123456789')
    const result = await scan({ timeoutMilliseconds: 5000 })
    expect(toolOf(result, 'nvidia-smi')).toMatchObject({ outcome: 'timed-out', detail: 'printed too much' })
  })

  it('keeps the error text of a tool that fails, and its exit code', async () => {
    await tool('nvidia-smi', 'echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18')
    const result = await scan()
    expect(toolOf(result, 'nvidia-smi')).toMatchObject({ outcome: 'failed' })
    expect(Object.values(result.raw.exitCodes ?? {})).toContain(18)
    expect(result.machine.warnings.some((warning) => warning.message.includes('reboot'))).toBe(true)
  })

  it('asks an old driver for fewer columns', async () => {
    await tool(
      'nvidia-smi',
      'case "$1" in *compute_cap*) echo "Field \\"compute_cap\\" is not a valid field to query."; exit 2;; *) echo "0, 00000000:01:00.0, 0x1B0610DE, NVIDIA GeForce GTX 1080 Ti, 11178, 11000, 440.33";; esac',
    )
    const [card] = (await scan()).machine.accelerators
    expect(card).toMatchObject({
      name: 'NVIDIA GeForce GTX 1080 Ti',
      driverVersion: '440.33',
      pciId: '10de:1b06',
    })
  })

  it('does without every tool, and its recording replays to the same machine', async () => {
    process.env['PATH'] = join(folder, 'empty')
    await mkdir(join(folder, 'empty'))
    const result = await scan({ modelsFolder: join(folder, 'not', 'there', 'yet') })
    expect(toolOf(result, 'nvidia-smi')).toMatchObject({ outcome: 'missing' })
    expect(toolOf(result, 'lspci')).toMatchObject({ outcome: 'missing' })
    expect(result.machine.warnings.filter((warning) => warning.code.startsWith('tool-'))).toEqual([])
    expect(replayMachine(JSON.parse(JSON.stringify(result.raw)), [])).toEqual({
      kind: 'ok',
      machine: result.machine,
    })
  })
})

describe('scanMachine on this machine', () => {
  it('knows CPU, memory and the disk of the models', async () => {
    const { machine, tools } = await scanMachine({
      specs: Promise.resolve({ accelerators: [] }),
      modelsFolder: folder,
    })
    expect(machine.memory.totalBytes).toBeGreaterThan(0)
    expect(machine.memory.freeBytes).toBeLessThanOrEqual(machine.memory.totalBytes ?? 0)
    expect(machine.cpu.usableCores).toBeGreaterThanOrEqual(1)
    expect(machine.disks.filter((disk) => disk.holdsModels)).toHaveLength(1)
    expect(machine.backends).toContain('cpu')
    expect(tools.find((report) => report.name === 'node-llama-cpp')).toMatchObject({ outcome: 'ok' })
  })

  it('lets no tool listen to the signal of the scan itself: Node takes more than ten for a leak', async () => {
    const { signal } = new AbortController()
    const listeners: number[] = []
    const look = (): void => void listeners.push(getEventListeners(signal, 'abort').length)
    const scanned = scanMachine({ specs: [], signal, onUpdate: look })
    look()
    await scanned
    expect(Math.max(...listeners)).toBeLessThan(2)
  })

  it('stops when told to', async () => {
    const result = await scanMachine({ specs: [], signal: AbortSignal.abort() })
    expect(result.tools.some((report) => report.detail === 'cancelled')).toBe(true)
  })
})

describe.runIf(onPosix)('readFreeMemory', () => {
  it('gives no more than the limit of the own group leaves', async () => {
    const files: Readonly<Record<string, string>> = {
      '/proc/meminfo': 'MemTotal: 33554432 kB\nMemAvailable: 30000000 kB\n',
      '/proc/self/cgroup': '0::/box\n',
      '/sys/fs/cgroup/box/memory.max': '4294967296\n',
      '/sys/fs/cgroup/box/memory.current': '1073741824\n',
    }
    const runner: ToolRunner = { ...withoutRuntime, readFile: (name) => Promise.resolve(files[name] ?? null) }
    const { machine } = await scan({ runner })
    expect(machine.memory).toMatchObject({ limitBytes: 4 * 1024 ** 3, limitUsedBytes: 1024 ** 3 })
    const free = await readFreeMemory(machine, { runner, platform: 'linux' })
    expect(free.ramFreeBytes).toBe(3 * 1024 ** 3)
  })

  it('reads RAM and each card anew', async () => {
    await tool(
      'nvidia-smi',
      'echo "0, 00000000:01:00.0, 0x268410DE, NVIDIA GeForce RTX 4090, 24564, 20000, 8.9, 570.1, [N/A]"',
    )
    const { machine } = await scan()
    await tool(
      'nvidia-smi',
      'echo "0, 00000000:01:00.0, 0x268410DE, NVIDIA GeForce RTX 4090, 24564, 1000, 8.9, 570.1, [N/A]"',
    )
    const free = await readFreeMemory(machine, { platform: 'linux' })
    expect(free.ramFreeBytes).toBeGreaterThan(0)
    expect(free.acceleratorFreeBytes).toEqual([1000 * 1024 ** 2])
  })
})
