import type { Accelerator, Machine } from '#core/machine/machine.ts'

export type MemoryKind = 'VRAM' | 'unified memory' | 'RAM'

/** A machine with more memory, and which kind it was: of its first accelerator with memory of its own, else of the system. */
export interface EnlargedMachine {
  readonly machine: Machine
  readonly kind: MemoryKind
}

const enlarged = new WeakMap<Machine, Map<number, EnlargedMachine>>()

/**
 * The same machine with more memory, all of it free. It goes to the first usable accelerator with memory of its own;
 * where there is none, to system memory, which a unified device shares.
 */
export function addMemory(machine: Machine, bytes: number): EnlargedMachine {
  let bySize = enlarged.get(machine)
  if (bySize === undefined) {
    bySize = new Map()
    enlarged.set(machine, bySize)
  }
  const known = bySize.get(bytes)
  if (known !== undefined) return known
  const result = enlarge(machine, bytes)
  bySize.set(bytes, result)
  return result
}

function enlarge(machine: Machine, bytes: number): EnlargedMachine {
  const own = machine.accelerators.findIndex(
    (each) => each.usable && !each.unified && each.memoryBytes !== null,
  )
  if (own >= 0) {
    const accelerators = machine.accelerators.map((each, i) => (i === own ? withMore(each, bytes) : each))
    return { machine: { ...machine, accelerators, asIf: true }, kind: 'VRAM' }
  }
  const unified = machine.accelerators.some((each) => each.usable && each.unified)
  const { memory } = machine
  return {
    machine: {
      ...machine,
      memory: {
        ...memory,
        totalBytes: plus(memory.totalBytes, bytes),
        freeBytes: plus(memory.freeBytes, bytes),
        limitBytes: plus(memory.limitBytes, bytes),
      },
      accelerators: machine.accelerators.map((each) => (each.unified ? withMore(each, bytes) : each)),
      asIf: true,
    },
    kind: unified ? 'unified memory' : 'RAM',
  }
}

/** The cap the operating system sets on a unified device grows by the share it has now. */
function withMore(accelerator: Accelerator, bytes: number): Accelerator {
  const { memoryBytes, usableBytes } = accelerator
  const capShare =
    usableBytes !== null && memoryBytes !== null && memoryBytes > 0 ? usableBytes / memoryBytes : 1
  return {
    ...accelerator,
    memoryBytes: plus(memoryBytes, bytes),
    freeBytes: plus(accelerator.freeBytes, bytes),
    usableBytes: plus(usableBytes, bytes * Math.min(1, capShare)),
    asIf: true,
  }
}

function plus(known: number | null, bytes: number): number | null {
  return known === null ? null : known + bytes
}
