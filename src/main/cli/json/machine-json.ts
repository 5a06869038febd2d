import type { Accelerator, Machine, SystemMemory } from '#core/machine/machine.ts'

function acceleratorJson(accelerator: Accelerator): Accelerator {
  return {
    name: accelerator.name,
    vendor: accelerator.vendor,
    memoryBytes: accelerator.memoryBytes,
    freeBytes: accelerator.freeBytes,
    usableBytes: accelerator.usableBytes,
    unified: accelerator.unified,
    integrated: accelerator.integrated,
    usable: accelerator.usable,
    unusableReason: accelerator.unusableReason,
    backends: accelerator.backends,
    pciAddress: accelerator.pciAddress,
    pciId: accelerator.pciId,
    driverVersion: accelerator.driverVersion,
    computeCapability: accelerator.computeCapability,
    gfxTarget: accelerator.gfxTarget,
    migProfile: accelerator.migProfile,
    gpuCores: accelerator.gpuCores,
    specId: accelerator.specId,
    performance: accelerator.performance,
    asIf: accelerator.asIf,
  }
}

function memoryJson(memory: SystemMemory): Required<SystemMemory> {
  return {
    totalBytes: memory.totalBytes,
    freeBytes: memory.freeBytes,
    limitBytes: memory.limitBytes,
    limitUsedBytes: memory.limitUsedBytes ?? null,
    bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond,
  }
}

/**
 * The machine as `--json` prints it. The names are written out so that a change inside the core cannot silently
 * change what scripts read; the types hold it to be a whole machine, which `--machine` reads back unchanged.
 */
export function machineJson(machine: Machine): Machine {
  const { os, cpu } = machine
  return {
    os: {
      platform: os.platform,
      name: os.name,
      version: os.version,
      architecture: os.architecture,
      virtualization: os.virtualization,
    },
    cpu: {
      name: cpu.name,
      vendor: cpu.vendor,
      physicalCores: cpu.physicalCores,
      logicalCores: cpu.logicalCores,
      performanceCores: cpu.performanceCores,
      usableCores: cpu.usableCores,
      features: cpu.features,
    },
    memory: memoryJson(machine.memory),
    accelerators: machine.accelerators.map(acceleratorJson),
    disks: machine.disks.map(({ mount, totalBytes, freeBytes, holdsModels }) => ({
      mount,
      totalBytes,
      freeBytes,
      holdsModels,
    })),
    backends: machine.backends,
    sources: machine.sources,
    warnings: machine.warnings.map(({ code, message, source }) => ({ code, message, source })),
    scannedAt: machine.scannedAt,
    asIf: machine.asIf,
  }
}
