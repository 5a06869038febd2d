import {
  collectCommand,
  type Collected,
  type CollectContext,
  type ScanTool,
} from '#backend/probe/scan-tool.ts'
import { NVIDIA_SMI_QUERIES } from '#backend/probe/sources/nvidia-smi.ts'
import type { Platform } from '#core/machine/machine.ts'

const PLACES: Readonly<Record<Platform, readonly string[]>> = {
  linux: ['nvidia-smi', '/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'],
  windows: [
    'nvidia-smi',
    'C:\\Windows\\System32\\nvidia-smi.exe',
    'C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe',
  ],
  macos: [],
}

function query(context: CollectContext, command: string, columns: string): Promise<Collected> {
  return collectCommand(context, command, [`--query-gpu=${columns}`, '--format=csv,noheader,nounits'])
}

function refusesColumns(answer: Collected): boolean {
  return answer.outcome === 'failed' && answer.entries.some((entry) => /not a valid field/i.test(entry.text))
}

async function collectAt(context: CollectContext, command: string): Promise<Collected> {
  let answer: Collected = { entries: [], outcome: 'missing', detail: null }
  for (const columns of NVIDIA_SMI_QUERIES) {
    answer = await query(context, command, columns)
    if (!refusesColumns(answer)) break
  }
  const slices = answer.entries.some((entry) => /,\s*Enabled\s*$/m.test(entry.text))
  if (!slices) return answer
  const table = await collectCommand(context, command, [])
  return { ...answer, entries: [...answer.entries, ...table.entries] }
}

/** nvidia-smi on the PATH, else where the driver puts it; older drivers are asked for fewer columns. */
export function nvidiaTool(platform: Platform): ScanTool {
  return {
    name: 'nvidia-smi',
    collect: async (context) => {
      for (const command of PLACES[platform]) {
        const answer = await collectAt(context, command)
        if (answer.outcome !== 'missing') return answer
      }
      return { entries: [], outcome: 'missing', detail: null }
    },
  }
}
