import {
  collectCommand,
  type Collected,
  collectedFiles,
  readEntries,
  type ScanTool,
} from '#backend/probe/scan-tool.ts'
import type { RawEntry } from '#backend/probe/sighting.ts'
import type { ToolRunner } from '#backend/probe/tool-runner.ts'

const HOST_FILES: readonly string[] = [
  '/proc/meminfo',
  '/proc/cpuinfo',
  '/proc/sys/kernel/osrelease',
  '/proc/self/cgroup',
  '/proc/1/cgroup',
  '/.dockerenv',
  '/run/.containerenv',
  '/etc/os-release',
  '/sys/class/dmi/id/sys_vendor',
  '/sys/class/dmi/id/product_name',
  '/sys/devices/cpu_core/cpus',
  '/sys/devices/cpu_atom/cpus',
  '/proc/device-tree/model',
]

const CGROUP_FILES_V2: readonly string[] = ['memory.max', 'memory.current', 'memory.stat', 'cpu.max']
const CGROUP_FILES_V1: readonly string[] = ['memory.limit_in_bytes', 'memory.usage_in_bytes', 'memory.stat']

/** The folder of this process' group and every one above it, up to the root of the hierarchy. */
function foldersUp(root: string, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return parts.map((_, index) => `${root}/${parts.slice(0, parts.length - index).join('/')}`).concat(root)
}

/** Files of the whole tree of groups this process is in: the limit that holds may be anywhere above. */
export function cgroupPaths(selfCgroup: string): readonly string[] {
  const lines = selfCgroup.split('\n').map((line) => line.split(':'))
  const unified = lines.find(([id, controllers]) => id === '0' && controllers === '')?.[2] ?? '/'
  const memory = lines.find(([, controllers]) => controllers?.split(',').includes('memory'))?.[2] ?? '/'
  return [
    ...foldersUp('/sys/fs/cgroup', unified).flatMap((folder) =>
      CGROUP_FILES_V2.map((file) => `${folder}/${file}`),
    ),
    ...foldersUp('/sys/fs/cgroup/memory', memory).flatMap((folder) =>
      CGROUP_FILES_V1.map((file) => `${folder}/${file}`),
    ),
  ]
}

const hostTool: ScanTool = {
  name: 'proc',
  collect: async ({ runner }) => {
    const entries = await readEntries(runner, HOST_FILES)
    const own = entries.find((entry) => entry.key === '/proc/self/cgroup')?.text
    const groups = own === undefined ? [] : await readEntries(runner, cgroupPaths(own))
    return collectedFiles([...entries, ...groups])
  },
}

async function displayDevices(runner: ToolRunner): Promise<readonly string[]> {
  const root = '/sys/bus/pci/devices'
  const addresses = await runner.list(root)
  const classes = await Promise.all(addresses.map((address) => runner.readFile(`${root}/${address}/class`)))
  return addresses
    .filter((_, index) => classes[index]?.startsWith('0x03') === true)
    .map((address) => `${root}/${address}`)
}

async function memoryFiles(runner: ToolRunner, folder: string): Promise<readonly string[]> {
  const names = await runner.list(folder)
  const tiles = names
    .filter((name) => /^tile\d+$/.test(name))
    .map((tile) => `${folder}/${tile}/physical_vram_size_bytes`)
  const cards = (await runner.list(`${folder}/drm`)).filter((name) => /^card\d+$/.test(name))
  return [...tiles, ...cards.map((card) => `${folder}/drm/${card}/lmem_total_bytes`)]
}

async function linkEntry(runner: ToolRunner, key: string): Promise<readonly RawEntry[]> {
  const text = await runner.readLink(key)
  return text === null ? [] : [{ key, text, exitCode: null }]
}

const AMDGPU_FILES =
  'vendor device revision uevent mem_info_vram_total mem_info_vram_used mem_info_gtt_total mem_info_gtt_used'.split(
    ' ',
  )

async function drmEntries(runner: ToolRunner): Promise<readonly RawEntry[]> {
  const root = '/sys/class/drm'
  const cards = (await runner.list(root)).filter((name) => /^card\d+$/.test(name))
  return readEntries(
    runner,
    cards.flatMap((card) => AMDGPU_FILES.map((file) => `${root}/${card}/device/${file}`)),
  )
}

async function kfdEntries(runner: ToolRunner): Promise<readonly RawEntry[]> {
  const root = '/sys/class/kfd/kfd/topology/nodes'
  return readEntries(
    runner,
    (await runner.list(root)).map((node) => `${root}/${node}/properties`),
  )
}

async function nvidiaProcEntries(runner: ToolRunner): Promise<readonly RawEntry[]> {
  const root = '/proc/driver/nvidia'
  const gpus = (await runner.list(`${root}/gpus`)).map((gpu) => `${root}/gpus/${gpu}/information`)
  return readEntries(runner, [`${root}/version`, ...gpus])
}

/** Everything the kernel shows of display devices, by file. */
export async function collectSysfs(runner: ToolRunner): Promise<Collected> {
  const folders = await displayDevices(runner)
  const files = ['class', 'vendor', 'device', 'revision'].flatMap((file) =>
    folders.map((folder) => `${folder}/${file}`),
  )
  const sizes = (await Promise.all(folders.map((folder) => memoryFiles(runner, folder)))).flat()
  const parts = await Promise.all([
    readEntries(runner, [...files, ...sizes]),
    ...folders.map((folder) => linkEntry(runner, `${folder}/driver`)),
    drmEntries(runner),
    kfdEntries(runner),
    nvidiaProcEntries(runner),
  ])
  return collectedFiles(parts.flat())
}

const sysfsTool: ScanTool = { name: 'sysfs', collect: ({ runner }) => collectSysfs(runner) }

function commandTool(name: string, args: readonly string[]): ScanTool {
  return { name, collect: (context) => collectCommand(context, name, args) }
}

const rocmSmiTool: ScanTool = {
  name: 'rocm-smi',
  collect: async (context) => {
    const memory = await collectCommand(context, 'rocm-smi', ['--showmeminfo', 'vram'])
    if (memory.outcome !== 'ok') return memory
    const names = await collectCommand(context, 'rocm-smi', ['--showproductname'])
    return { ...names, entries: [...memory.entries, ...names.entries] }
  },
}

/** Tools of Linux that cost nothing where they are missing. */
export const LINUX_TOOLS: readonly ScanTool[] = [
  hostTool,
  sysfsTool,
  commandTool('lspci', ['-nnDk']),
  rocmSmiTool,
  commandTool('dmidecode', ['-t', 'memory']),
]

/** Tools that are only asked where there is a GPU: both start a driver, which takes long. */
export const LINUX_GPU_TOOLS: readonly ScanTool[] = [
  commandTool('rocminfo', []),
  commandTool('vulkaninfo', ['--summary']),
]
