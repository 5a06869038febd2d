import { statfs } from 'node:fs/promises'
import os from 'node:os'
import { dirname } from 'node:path'
import type { Collected, ScanTool } from '#backend/probe/scan-tool.ts'
import { DISKS_KEY, NODE_KEY } from '#backend/probe/sources/host.ts'
import { packageUrl, runWithPackage } from '#backend/probe/tools/child-script.ts'
import type { Disk, Platform } from '#core/machine/machine.ts'

function jsonEntry(key: string, value: unknown): Collected {
  return { entries: [{ key, text: JSON.stringify(value), exitCode: null }], outcome: 'ok', detail: null }
}

const nodeTool: ScanTool = {
  name: 'node os',
  collect: async () =>
    jsonEntry(NODE_KEY, {
      architecture: process.arch,
      release: os.release(),
      totalBytes: os.totalmem(),
      freeBytes: os.freemem(),
      logicalCores: os.cpus().length,
      cpuModel: os.cpus()[0]?.model.trim() ?? null,
      availableParallelism: os.availableParallelism(),
    }),
}

/** systeminformation is loaded only here, and only the calls whose answer no cheaper source of this system gives. */
async function systemInformation(): Promise<typeof import('systeminformation')> {
  const loaded: { default?: typeof import('systeminformation') } & typeof import('systeminformation') =
    await import('systeminformation')
  return loaded.default ?? loaded
}

/** Free space of the folder's file system; a folder that does not exist yet is judged by the nearest one above. */
async function spaceAt(
  folder: string,
): Promise<{ readonly totalBytes: number; readonly freeBytes: number } | null> {
  try {
    const stats = await statfs(folder)
    return { totalBytes: stats.blocks * stats.bsize, freeBytes: stats.bavail * stats.bsize }
  } catch {
    const parent = dirname(folder)
    return parent === folder ? null : spaceAt(parent)
  }
}

function holds(mount: string, folder: string): boolean {
  const fold = (path: string): string => (process.platform === 'win32' ? path.toLowerCase() : path)
  const root = mount.endsWith('/') || mount.endsWith('\\') || mount.endsWith(':') ? mount : `${mount}/`
  return fold(`${folder}/`).startsWith(fold(root))
}

const diskTool: ScanTool = {
  name: 'disks',
  collect: async ({ modelsFolder }) => {
    const si = await systemInformation()
    const [listed, space] = await Promise.all([si.fsSize(), spaceAt(modelsFolder)])
    const mounts = listed.filter((disk) => disk.size > 0).map((disk) => disk.mount)
    const holder = mounts
      .filter((mount) => holds(mount, modelsFolder))
      .toSorted((left, right) => right.length - left.length)[0]
    const disks: readonly Disk[] = listed
      .filter((disk) => disk.size > 0)
      .map((disk) => ({
        mount: disk.mount,
        totalBytes: disk.size,
        freeBytes: disk.mount === holder && space !== null ? space.freeBytes : disk.available,
        holdsModels: disk.mount === holder,
      }))
    const unlisted = holder === undefined && space !== null
    return jsonEntry(
      DISKS_KEY,
      unlisted ? [...disks, { mount: modelsFolder, ...space, holdsModels: true }] : disks,
    )
  },
}

type LibraryCall = 'osInfo' | 'cpu' | 'mem' | 'memLayout'

const CALLS_BY_PLATFORM: Readonly<Record<Platform, readonly LibraryCall[]>> = {
  // /proc and /sys say all of this, and without a process each.
  linux: [],
  windows: ['osInfo', 'cpu', 'mem', 'memLayout'],
  macos: ['osInfo', 'mem'],
}

function libraryTool(call: LibraryCall): ScanTool {
  return {
    name: `si.${call}`,
    collect: async () => jsonEntry(`si.${call}()`, await (await systemInformation())[call]()),
  }
}

/**
 * systeminformation's list of GPUs, one more witness of names. It asks nvidia-smi synchronously and gives it a minute,
 * so it runs in a child: a driver that hangs must not stop the app.
 */
export const GRAPHICS_TOOL: ScanTool = {
  name: 'si.graphics',
  collect: async (context) => {
    const url = packageUrl('systeminformation')
    if (url === null) return { entries: [], outcome: 'missing', detail: 'systeminformation is not installed' }
    const output = await runWithPackage(context, url, 'return (await library()).graphics()')
    if (output.outcome !== 'ok') return { entries: [], outcome: output.outcome, detail: output.detail }
    return {
      entries: [{ key: 'si.graphics()', text: output.stdout, exitCode: 0 }],
      outcome: 'ok',
      detail: null,
    }
  },
}

/** Node, the disks, and systeminformation where the system has no cheaper interface. */
export function libraryTools(platform: Platform): readonly ScanTool[] {
  const graphics = platform === 'windows' ? [GRAPHICS_TOOL] : []
  return [nodeTool, diskTool, ...CALLS_BY_PLATFORM[platform].map(libraryTool), ...graphics]
}
