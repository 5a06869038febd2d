import { collectCommand, type ScanTool } from '#backend/probe/scan-tool.ts'
import { SYSCTL_NAMES } from '#backend/probe/sources/macos.ts'

/** GPU, memory and CPU of a Mac; unknown sysctl names only print to stderr. */
export const MACOS_TOOLS: readonly ScanTool[] = [
  {
    name: 'system_profiler',
    collect: (context) => collectCommand(context, 'system_profiler', ['SPDisplaysDataType', '-json']),
  },
  { name: 'sysctl', collect: (context) => collectCommand(context, 'sysctl', SYSCTL_NAMES) },
  { name: 'vm_stat', collect: (context) => collectCommand(context, 'vm_stat', []) },
]
