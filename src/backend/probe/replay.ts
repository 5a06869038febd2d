import { interpret } from '#backend/probe/interpret.ts'
import type { RawEntry } from '#backend/probe/sighting.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Machine, Platform } from '#core/machine/machine.ts'

/** Raw outputs of a machine: a bundle of `doctor --bundle`, or any object with `os` and `raw`. */
export interface Recording {
  /** `linux`, `windows`, `macos`, with anything in brackets: `linux (WSL2)`. */
  readonly os: string
  /** Command line or path to what it printed: text, or the JSON it stands for. */
  readonly raw: Readonly<Record<string, unknown>>
  /** Exit codes other than 0, by the same key. */
  readonly exitCodes?: Readonly<Record<string, number>>
  readonly recordedAt?: string
}

export type ReplayResult =
  | { readonly kind: 'ok'; readonly machine: Machine }
  | { readonly kind: 'error'; readonly message: string }

function platformOf(os: string): Platform | null {
  if (/^\s*linux/i.test(os)) return 'linux'
  if (/^\s*(?:windows|win32)/i.test(os)) return 'windows'
  return /^\s*(?:macos|darwin)/i.test(os) ? 'macos' : null
}

/** Raw outputs as text entries; a value that is not text is the JSON it stands for. */
export function entriesOf(recording: Recording): readonly RawEntry[] {
  return Object.entries(recording.raw).flatMap(([key, value]) => {
    if (value === null || value === undefined) return []
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [{ key, text, exitCode: recording.exitCodes?.[key] ?? null }]
  })
}

function isRecording(value: unknown): value is Recording {
  if (typeof value !== 'object' || value === null) return false
  const { os, raw } = value as { os?: unknown; raw?: unknown }
  return typeof os === 'string' && typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

/** The verdict for a recorded machine; the recording is foreign input and may be anything. */
export function replayMachine(recording: unknown, specs: readonly AcceleratorSpec[]): ReplayResult {
  if (!isRecording(recording))
    return {
      kind: 'error',
      message: 'not a recording: it needs "os" and "raw", as "inhouse doctor --bundle FILE" writes them',
    }
  const platform = platformOf(recording.os)
  if (platform === null)
    return { kind: 'error', message: `unknown system "${recording.os}": expected linux, windows or macos` }
  const scannedAt = recording.recordedAt ?? null
  const { machine } = interpret(entriesOf(recording), { platform, hint: recording.os, specs, scannedAt })
  return { kind: 'ok', machine }
}
