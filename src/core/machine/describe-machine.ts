import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { bytesToGibibytes } from '#core/units/units.ts'

function gibibyteText(bytes: number): string {
  return `${Math.round(bytesToGibibytes(bytes) * 10) / 10} GiB`
}

function shortGpuName(accelerator: Accelerator): string {
  return (
    accelerator.name
      .replace(/\((?:R|TM)\)/gi, '')
      .replace(/^(?:NVIDIA GeForce|NVIDIA|AMD|Intel)\s+/i, '')
      // The chip family tells a person nothing here; Apple's core count does.
      .replace(/\s+\((?!\d+-core)[^()]*\)$/i, '')
      .replace(/\s+\d+\s?GB$/i, '')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

function shortCpuName(name: string): string {
  const short = name
    .replace(/\((?:R|TM)\)/gi, '')
    .replace(/\s+\d+-Core Processor$/i, '')
    .replace(/\s+(?:CPU )?@ .*$/i, '')
    .replace(/\s+w\/ .*$/i, '')
    .replace(/^(?:AMD|Intel)\s+(?=\S+ \S)/i, '')
    .replace(/\s+/g, ' ')
    .trim()
  return short === '' ? name : short
}

function gpuText(accelerator: Accelerator): string {
  const name = shortGpuName(accelerator)
  if (!accelerator.usable) return `${name} (not usable)`
  if (accelerator.unified) return name
  return accelerator.memoryBytes === null ? name : `${name} ${gibibyteText(accelerator.memoryBytes)}`
}

function gpusText(machine: Machine): string {
  if (machine.accelerators.length === 0) return 'no GPU'
  const counts = new Map<string, number>()
  for (const accelerator of machine.accelerators) {
    const text = gpuText(accelerator)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => (count > 1 ? `${count}× ${text}` : text)).join(' + ')
}

function memoryText(machine: Machine): string {
  const { totalBytes, limitBytes } = machine.memory
  if (totalBytes === null) return 'RAM unknown'
  const first = machine.accelerators[0]
  const isPool = first?.unified === true && !first.integrated
  const text = `${gibibyteText(totalBytes)} ${isPool ? 'unified memory' : 'RAM'}`
  return limitBytes !== null && limitBytes < totalBytes ? `${text} (limit ${gibibyteText(limitBytes)})` : text
}

function cpuText(machine: Machine): string | null {
  const { name, physicalCores } = machine.cpu
  const cores = physicalCores === null ? null : `${physicalCores} ${physicalCores === 1 ? 'core' : 'cores'}`
  if (name === null) return cores
  const short = shortCpuName(name)
  return cores === null ? short : `${short} (${cores})`
}

/** The machine in one line, the same everywhere: `RTX 4090 24 GiB · 64 GiB RAM · Ryzen 9 7950X (16 cores)`. */
export function describeMachine(machine: Machine): string {
  const parts = [gpusText(machine), memoryText(machine), cpuText(machine)].filter((part) => part !== null)
  return `${machine.asIf ? 'as if: ' : ''}${parts.join(' · ')}`
}
