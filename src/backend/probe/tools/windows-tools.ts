import { collectCommand, type ScanTool } from '#backend/probe/scan-tool.ts'
import { POWERSHELL_KEY, POWERSHELL_SCRIPT } from '#backend/probe/sources/windows.ts'

const POWERSHELL_ARGUMENTS = [
  '-NoProfile',
  '-NonInteractive',
  '-ExecutionPolicy',
  'Bypass',
  '-Command',
  POWERSHELL_SCRIPT,
]

/** The inventory in one PowerShell call; Vulkan names what it lacks (free memory per heap is not read). */
export const WINDOWS_TOOLS: readonly ScanTool[] = [
  {
    name: 'powershell',
    collect: (context) => collectCommand(context, 'powershell.exe', POWERSHELL_ARGUMENTS, POWERSHELL_KEY),
  },
]
