import type { EngineBuffer } from '#core/measure/measurement.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** Lines kept: enough for the buffers of many devices and the reason of a failure, whatever else is logged. */
const MOST_LINES = 4000

/** What llama.cpp said, kept to find buffers and reasons in it. */
export interface EngineLog {
  readonly write: (level: string, message: string) => void
  readonly clear: () => void
  readonly lines: () => readonly string[]
  /** Warnings and errors. */
  readonly complaints: () => readonly string[]
}

/** An empty log. */
export function engineLog(): EngineLog {
  let entries: { readonly level: string; readonly line: string }[] = []
  return {
    write: (level, message) => {
      for (const line of message.split('\n'))
        if (line.trim() !== '') entries.push({ level, line: line.trim() })
      if (entries.length > MOST_LINES) entries = entries.slice(-MOST_LINES)
    },
    clear: () => {
      entries = []
    },
    lines: () => entries.map(({ line }) => line),
    complaints: () =>
      entries.filter(({ level }) => /^(warn|error|fatal)$/.test(level)).map(({ line }) => line),
  }
}

const USES: Readonly<Record<string, EngineBuffer['use']>> = {
  model: 'weights',
  KV: 'kvCache',
  RS: 'state',
  compute: 'compute',
  output: 'output',
}

/** `load_tensors:   CPU_Mapped model buffer size =  4685.30 MiB`, as every part of llama.cpp v0.5.0 writes it. */
const BUFFER_LINE = /:\s+(\S+)\s+(model|KV|RS|compute|output|DSV4 .*state) buffer size\s+=\s+([\d.]+) MiB/

/** The buffers that log lines tell of; the same place and use are added up. */
export function buffersOf(lines: readonly string[]): readonly EngineBuffer[] {
  const buffers = new Map<string, EngineBuffer>()
  for (const line of lines) {
    const [, place, what, size] = BUFFER_LINE.exec(line) ?? []
    if (place === undefined || what === undefined) continue
    const use = USES[what] ?? 'state'
    const known = buffers.get(`${place} ${use}`)?.bytes ?? 0
    buffers.set(`${place} ${use}`, { place, use, bytes: known + mebibytesToBytes(Number(size)) })
  }
  return [...buffers.values()]
}
