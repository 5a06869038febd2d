import { addMemory } from '#core/machine/add-memory.ts'
import { performanceOf } from '#core/machine/accelerator-performance.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Accelerator, Backend, Cpu, Machine, MachineWarning, Platform } from '#core/machine/machine.ts'
import {
  capacityAssumption,
  capacityOf,
  refusal,
  type Refusal,
  type WantedGpu,
  wantedGpu,
} from '#core/machine/wanted-gpu.ts'

/** Hardware that is not there; what is null or empty stays as this machine has it. */
export interface WhatIf {
  /** `RTX 4090`, `2x RTX 3090`, `M2 Max 38`, `M2 Max 64GB`, or `none` for no GPU at all. */
  readonly gpus: readonly string[]
  /** Memory of each named card (or of the pool of a unified device); without `gpus`, of this machine's first GPU. */
  readonly vramBytes: number | null
  readonly ramBytes: number | null
  readonly cpuCores: number | null
  readonly backend: Backend | null
  /** Memory on top of all that, where `addMemory` puts it; the steps of several hints add up. */
  readonly addedBytes?: number
}

export type WhatIfResult = { readonly kind: 'ok'; readonly machine: Machine } | Refusal

/** Metal is what MLX runs on too, so asking for Metal keeps both. */
function forced(backend: Backend, offered: readonly Backend[]): readonly Backend[] {
  return backend === 'metal' && offered.includes('mlx') ? ['metal', 'mlx'] : [backend]
}

/**
 * True where the device can be made to run the backend. AMD lists few Radeon cards for ROCm; llama.cpp's HIP build
 * runs on the others too, told to take them for a listed one (`HSA_OVERRIDE_GFX_VERSION`), so asking for it is no error.
 */
function canRun(spec: AcceleratorSpec, backend: Backend): boolean {
  return backend === 'cpu' || spec.backends.includes(backend) || (backend === 'rocm' && spec.vendor === 'AMD')
}

function inventedAccelerator(
  spec: AcceleratorSpec,
  memoryBytes: number | null,
  backend: Backend | null,
): Accelerator {
  return {
    name: spec.name,
    vendor: spec.vendor,
    memoryBytes,
    freeBytes: spec.unified ? null : memoryBytes,
    usableBytes: null,
    unified: spec.unified,
    integrated: spec.form === 'igpu',
    usable: true,
    unusableReason: null,
    backends:
      backend === null ? spec.backends.filter((name) => name !== 'cpu') : forced(backend, spec.backends),
    pciAddress: null,
    pciId: null,
    driverVersion: null,
    computeCapability: spec.computeCapability,
    gfxTarget: spec.gfxTarget,
    migProfile: null,
    gpuCores: spec.gpuCores,
    specId: spec.id,
    performance: performanceOf([spec]),
    asIf: true,
  }
}

function platformOf(specs: readonly AcceleratorSpec[], machine: Machine): Platform {
  if (specs.some((spec) => spec.vendor === 'Apple')) return 'macos'
  if (specs.some((spec) => spec.family?.includes('RTX Spark') === true || spec.name.includes('N1X')))
    return 'windows'
  return machine.os.platform === 'macos' ? 'linux' : machine.os.platform
}

/** A unified chip brings its own CPU; every other what-if keeps this machine's. */
function cpuOf(specs: readonly AcceleratorSpec[], machine: Machine): Cpu {
  const chip = specs.find((spec) => spec.unified && spec.form !== 'igpu')
  if (chip === undefined) {
    const foreign = machine.os.platform === 'macos' && platformOf(specs, machine) !== 'macos'
    return foreign ? { ...machine.cpu, name: null, vendor: null, features: [] } : machine.cpu
  }
  const cores = chip.cpuCores.at(-1) ?? null
  return {
    name: chip.vendor === 'Apple' ? chip.name.replace(/ \(.*$/, '') : null,
    vendor: chip.vendor,
    physicalCores: cores,
    logicalCores: cores,
    performanceCores: null,
    usableCores: cores,
    features: ['neon', 'dotprod'],
  }
}

function withGpus(machine: Machine, wanted: readonly WantedGpu[], whatIf: WhatIf): Machine | Refusal {
  const specs = wanted.map((entry) => entry.spec)
  const chips = wanted.filter((entry) => entry.spec.unified && entry.spec.form !== 'igpu')
  const cards = wanted.reduce((sum, entry) => sum + entry.count, 0)
  if (chips.length > 0 && cards > 1)
    return refusal(
      `${chips[0]?.spec.name} is a whole chip: it cannot stand beside another GPU in one machine`,
    )
  const backend = whatIf.backend
  const unfit = specs.find((spec) => backend !== null && !canRun(spec, backend))
  if (unfit !== undefined)
    return refusal(`${unfit.name} cannot run ${backend}; it runs ${unfit.backends.join(', ')}`)
  const accelerators = wanted.flatMap((entry) => {
    const bytes = capacityOf(entry, whatIf, machine)
    return Array.from({ length: entry.count }, () => inventedAccelerator(entry.spec, bytes, backend))
  })
  const pool = accelerators.find((accelerator) => accelerator.unified)
  const platform = platformOf(specs, machine)
  const sameOs = platform === machine.os.platform && chips.length === 0
  const architecture =
    chips.length > 0 ? 'arm64' : machine.os.platform === 'macos' ? 'x64' : machine.os.architecture
  return {
    ...machine,
    os: sameOs ? machine.os : { platform, name: null, version: null, architecture, virtualization: 'none' },
    cpu: cpuOf(specs, machine),
    memory: memoryWith(pool, machine),
    accelerators,
    backends: [...new Set([...accelerators.flatMap((accelerator) => accelerator.backends), 'cpu' as const])],
  }
}

/** RAM beside a card stays as it is; a pool is new RAM, except under an integrated GPU that takes what is there. */
function memoryWith(pool: Accelerator | undefined, machine: Machine): Machine['memory'] {
  const bandwidth = pool?.performance?.bandwidthBytesPerSecond ?? null
  if (pool === undefined) {
    // The bandwidth of a chip's own memory goes with the chip.
    const chipIsGone = machine.accelerators.some((old) => old.unified && !old.integrated)
    return chipIsGone ? { ...machine.memory, bandwidthBytesPerSecond: null } : machine.memory
  }
  if (pool.integrated && pool.memoryBytes === machine.memory.totalBytes)
    return { ...machine.memory, bandwidthBytesPerSecond: machine.memory.bandwidthBytesPerSecond ?? bandwidth }
  const invented = inventedMemory(pool.memoryBytes ?? machine.memory.totalBytes)
  return { ...invented, bandwidthBytesPerSecond: bandwidth }
}

function inventedMemory(totalBytes: number | null): Machine['memory'] {
  return {
    totalBytes,
    freeBytes: null,
    limitBytes: totalBytes,
    limitUsedBytes: null,
    bandwidthBytesPerSecond: null,
  }
}

function withoutGpus(machine: Machine): Machine {
  return { ...machine, accelerators: [], backends: ['cpu'] }
}

/** `--vram` alone: the first usable GPU of this machine gets another size. */
function withVram(machine: Machine, bytes: number): Machine | Refusal {
  const index = machine.accelerators.findIndex((accelerator) => accelerator.usable)
  const target = machine.accelerators[index]
  if (target === undefined)
    return refusal('this machine has no usable GPU to give memory to: name one, for example --gpu "RTX 4090"')
  const changed: Accelerator = {
    ...target,
    memoryBytes: bytes,
    freeBytes: target.unified ? null : bytes,
    usableBytes: null,
    asIf: true,
  }
  const memory = target.unified
    ? { ...inventedMemory(bytes), bandwidthBytesPerSecond: machine.memory.bandwidthBytesPerSecond }
    : machine.memory
  return { ...machine, memory, accelerators: machine.accelerators.with(index, changed) }
}

function withBackend(machine: Machine, backend: Backend): Machine | Refusal {
  if (backend === 'cpu') return withoutGpus(machine)
  const accelerators = machine.accelerators
    .filter((accelerator) => accelerator.backends.includes(backend))
    .map((accelerator) => ({ ...accelerator, backends: forced(backend, accelerator.backends) }))
  if (accelerators.length === 0)
    return refusal(`no GPU of this machine runs ${backend}; name one with --gpu, or use --backend cpu`)
  return { ...machine, accelerators, backends: [backend, 'cpu'] }
}

function withCores(machine: Machine, cores: number): Machine {
  const cpu: Cpu = {
    ...machine.cpu,
    physicalCores: cores,
    logicalCores: cores,
    performanceCores: cores,
    usableCores: cores,
  }
  return { ...machine, cpu }
}

/** A unified device draws on the RAM: another RAM size is another pool. */
function withRam(machine: Machine, bytes: number): Machine {
  const memory = { ...inventedMemory(bytes), bandwidthBytesPerSecond: machine.memory.bandwidthBytesPerSecond }
  const accelerators = machine.accelerators.map((accelerator) =>
    accelerator.unified && accelerator.memoryBytes !== null
      ? { ...accelerator, memoryBytes: bytes, freeBytes: null, usableBytes: null, asIf: true }
      : accelerator,
  )
  return { ...machine, memory, accelerators }
}

function invalidNumbers(whatIf: WhatIf): string | null {
  const { cpuCores, vramBytes, ramBytes, addedBytes = null } = whatIf
  if (cpuCores !== null && (!Number.isInteger(cpuCores) || cpuCores < 1 || cpuCores > 4096))
    return 'CPU cores must be a whole number from 1 to 4096'
  if (
    [vramBytes, ramBytes, addedBytes].some(
      (bytes) => bytes !== null && !(bytes > 0 && Number.isFinite(bytes)),
    )
  )
    return 'a memory size must be above zero; write it like 64GB'
  return null
}

function isUnchanged(whatIf: WhatIf): boolean {
  const { gpus, vramBytes, ramBytes, cpuCores, backend, addedBytes = null } = whatIf
  return (
    gpus.length === 0 && [vramBytes, ramBytes, cpuCores, backend, addedBytes].every((value) => value === null)
  )
}

function isError(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'error'
}

function marked(machine: Machine, whatIf: WhatIf, assumptions: readonly string[]): Machine {
  const replaced = whatIf.gpus.length > 0
  const kept = (path: string): boolean =>
    !(replaced && path.startsWith('accelerators.')) &&
    !(whatIf.ramBytes !== null && path.startsWith('memory.')) &&
    !(whatIf.cpuCores !== null && path.startsWith('cpu.'))
  const sources = Object.entries(machine.sources).filter(([path]) => kept(path))
  const invented = machine.accelerators.flatMap((accelerator, index) =>
    accelerator.asIf ? [[`accelerators.${index}.memoryBytes`, { source: 'what-if' }] as const] : [],
  )
  const typed = [
    ...(whatIf.ramBytes === null ? [] : ['memory.totalBytes', 'memory.limitBytes']),
    ...(whatIf.cpuCores === null ? [] : ['cpu.physicalCores', 'cpu.logicalCores']),
  ].map((path) => [path, { source: 'what-if' }] as const)
  const warnings: readonly MachineWarning[] = [
    ...machine.warnings.filter((warning) => !replaced || !warning.code.startsWith('gpu-')),
    ...assumptions.map((message) => ({ code: 'as-if-assumption', message, source: 'what-if' })),
  ]
  return {
    ...machine,
    sources: Object.fromEntries([...sources, ...invented, ...typed]),
    warnings,
    asIf: true,
  }
}

function changeGpus(machine: Machine, whatIf: WhatIf, wanted: readonly WantedGpu[]): Machine | Refusal {
  if (wanted.length > 0) return withGpus(machine, wanted, whatIf)
  if (whatIf.gpus.length > 0) return withoutGpus(machine)
  return whatIf.vramBytes === null ? machine : withVram(machine, whatIf.vramBytes)
}

/**
 * The machine as if it had other hardware. Only what `whatIf` names changes; invented cards are empty (all their
 * memory free), a unified device turns RAM into its pool and brings its platform and CPU. A name that means several
 * products is taken as the one sold first (see `byDefaultChoice`) unless a memory size decides; the assumption is a
 * warning of the machine.
 */
export function applyWhatIf(
  machine: Machine,
  whatIf: WhatIf,
  specs: readonly AcceleratorSpec[],
): WhatIfResult {
  const invalid = invalidNumbers(whatIf)
  if (invalid !== null) return refusal(invalid)
  if (isUnchanged(whatIf)) return { kind: 'ok', machine }
  const queries = whatIf.gpus.filter((query) => query.trim().toLowerCase() !== 'none')
  if (queries.length > 0 && queries.length < whatIf.gpus.length)
    return refusal('"none" and a named GPU contradict each other')
  const wanted: WantedGpu[] = []
  for (const query of queries) {
    const entry = wantedGpu(query, whatIf.vramBytes, specs)
    if (isError(entry)) return entry
    wanted.push(entry)
  }
  let changed = changeGpus(machine, whatIf, wanted)
  if (isError(changed)) return changed
  const pooled = wanted.some((entry) => entry.spec.unified)
  if (whatIf.ramBytes !== null && !pooled) changed = withRam(changed, whatIf.ramBytes)
  if (whatIf.cpuCores !== null) changed = withCores(changed, whatIf.cpuCores)
  if (whatIf.backend !== null && (wanted.length === 0 || whatIf.backend === 'cpu'))
    changed = withBackend(changed, whatIf.backend)
  if (isError(changed)) return changed
  const assumptions = wanted
    .flatMap((entry) => [entry.assumption, capacityAssumption(entry, whatIf)])
    .filter((assumption) => assumption !== null)
  // Last, so that the machine is the one a hint was worked out on, to the last byte.
  if (whatIf.addedBytes !== undefined) changed = addMemory(changed, whatIf.addedBytes).machine
  return { kind: 'ok', machine: marked(changed, whatIf, assumptions) }
}
