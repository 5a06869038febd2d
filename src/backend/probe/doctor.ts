import os from 'node:os'
import { entriesOf, type Recording } from '#backend/probe/replay.ts'
import type { ScanResult, ToolReport } from '#backend/probe/probe.ts'
import { type Identity, scrub } from '#backend/probe/scrub.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { bytesToGibibytes } from '#core/units/units.ts'

/** Versions only the caller knows; null where the part is not installed. */
export interface DoctorVersions {
  readonly appVersion: string
  readonly nodeLlamaCppVersion: string | null
  readonly llamaCppRelease: string | null
}

/** A recording with how it came about: what `doctor --bundle FILE` writes and `scan --replay FILE` reads. */
export interface Bundle extends Recording {
  readonly schema: 'inhouse/machine-recording/1'
  readonly versions: DoctorVersions & { readonly nodeVersion: string }
  readonly tools: readonly ToolReport[]
}

/** This process' user and host; names that cannot be read need no removing. */
export function currentIdentity(): Identity {
  let userName = ''
  try {
    userName = os.userInfo().username
  } catch {
    // A user id without an account has no name.
  }
  return { userName, hostName: os.hostname(), homeFolder: os.homedir() }
}

/** Every raw output of a scan, scrubbed, so that a bug report becomes a test as it is. */
export function recordBundle(
  scan: ScanResult,
  versions: DoctorVersions,
  identity: Identity = currentIdentity(),
): Bundle {
  const clean = (text: string): string => scrub(text, identity)
  const raw = Object.fromEntries(entriesOf(scan.raw).map(({ key, text }) => [clean(key), clean(text)]))
  const { exitCodes, recordedAt } = scan.raw
  return {
    schema: 'inhouse/machine-recording/1',
    os: scan.raw.os,
    ...(recordedAt === undefined ? {} : { recordedAt }),
    versions: { ...versions, nodeVersion: process.versions.node },
    tools: scan.tools.map((tool) => ({ ...tool, detail: tool.detail === null ? null : clean(tool.detail) })),
    raw,
    ...(exitCodes === undefined
      ? {}
      : {
          exitCodes: Object.fromEntries(Object.entries(exitCodes).map(([key, code]) => [clean(key), code])),
        }),
  }
}

function sizeText(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${Math.round(bytesToGibibytes(bytes) * 100) / 100} GiB`
}

function acceleratorLines(accelerator: Accelerator, index: number, machine: Machine): readonly string[] {
  const source = machine.sources[`accelerators.${index}.memoryBytes`]
  const kind = [
    accelerator.integrated ? 'integrated' : accelerator.unified ? 'unified' : 'dedicated',
    accelerator.migProfile === null ? null : `MIG ${accelerator.migProfile}`,
  ].filter((word) => word !== null)
  const ids = [
    accelerator.pciAddress,
    accelerator.pciId,
    accelerator.computeCapability,
    accelerator.gfxTarget,
  ]
  return [
    `  ${index}: ${accelerator.name} (${kind.join(', ')})`,
    `     memory ${sizeText(accelerator.memoryBytes)}, free ${sizeText(accelerator.freeBytes)}, limit ${sizeText(accelerator.usableBytes)}${source === undefined ? '' : `, from ${source.source}`}`,
    `     ${ids.filter((id) => id !== null).join('  ')}  driver ${accelerator.driverVersion ?? 'unknown'}  ${accelerator.backends.join(', ')}  table: ${accelerator.specId ?? 'not identified'}`,
    ...(accelerator.unusableReason === null ? [] : [`     not usable: ${accelerator.unusableReason}`]),
    ...(source?.others ?? []).map(
      (other) => `     ${other.source} said ${sizeText(Number(other.value))} (${source?.rule ?? ''})`,
    ),
  ]
}

function toolLine(tool: ToolReport): string {
  const detail = tool.detail === null ? '' : `  ${tool.detail}`
  return `  ${tool.name.padEnd(16)} ${String(tool.milliseconds).padStart(6)} ms  ${tool.outcome}${detail}`
}

/** A report to paste into a bug report: the verdict, its sources and how each tool did; nothing personal in it. */
export function doctorReport(
  scan: ScanResult,
  versions: DoctorVersions,
  identity: Identity = currentIdentity(),
): string {
  const { machine, tools } = scan
  const { os: system, cpu, memory } = machine
  const lines = [
    `Inhouse ${versions.appVersion}, Node ${process.versions.node}, node-llama-cpp ${versions.nodeLlamaCppVersion ?? 'not installed'}, llama.cpp ${versions.llamaCppRelease ?? 'unknown'}`,
    describeMachine(machine),
    '',
    `System: ${system.name ?? system.platform} ${system.architecture}, ${system.virtualization ?? 'virtualization unknown'}`,
    `CPU: ${cpu.name ?? 'unknown'}, ${cpu.physicalCores ?? '?'} cores (${cpu.performanceCores ?? '?'} fast, ${cpu.usableCores ?? '?'} usable), ${cpu.features.join(' ') || 'instruction sets unknown'}`,
    `Memory: ${sizeText(memory.totalBytes)}, free ${sizeText(memory.freeBytes)}, limit ${sizeText(memory.limitBytes)}`,
    `Backends: ${machine.backends.join(', ')} (${machine.sources['backends']?.source ?? 'unknown'})`,
    machine.accelerators.length === 0 ? 'Accelerators: none' : 'Accelerators:',
    ...machine.accelerators.flatMap((accelerator, index) => acceleratorLines(accelerator, index, machine)),
    ...(machine.warnings.length === 0 ? [] : ['Warnings:']),
    ...machine.warnings.map((warning) => `  ${warning.code}: ${warning.message}`),
    'Tools:',
    ...tools.map(toolLine),
  ]
  return `${scrub(lines.join('\n'), identity)}\n`
}
