import type { Machine, Platform } from '#core/machine/machine.ts'

/** Which face's host answers. */
export type HostKind = 'desktop' | 'web' | 'cli'

/** What is running, for the about line and for bug reports. */
export interface AppInfo {
  readonly version: string
  readonly host: HostKind
  readonly platform: Platform
  readonly nodeVersion: string
  /** Null where the package is not installed (it is optional for estimates). */
  readonly nodeLlamaCppVersion: string | null
  /** llama.cpp's release of the bundled binaries, "b9860". */
  readonly llamaCppRelease: string | null
  /** Folder for the user's own `models.json` and `accelerators.json`. */
  readonly userFolder: string
}

/** What a running scan knows so far: a whole machine, in which unfinished tools have not spoken yet. */
export interface ScanUpdate {
  readonly machine: Machine
  /** Tools still running, by name: `nvidia-smi`, `vulkaninfo`, … */
  readonly pendingTools: readonly string[]
}

/** A finished scan; tools that were cut off or failed are in `machine.warnings`. */
export interface FinishedScan {
  readonly machine: Machine
  /** Wall time of the scan. */
  readonly seconds: number
}

/** Free memory at one moment, for live display. */
export interface FreeMemory {
  /** ISO time. */
  readonly readAt: string
  readonly ramFreeBytes: number | null
  /** In the order of `machine.accelerators`; null where it cannot be read. */
  readonly acceleratorFreeBytes: readonly (number | null)[]
}
