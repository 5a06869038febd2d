/**
 * Who is believed when sources disagree, best first. A driver that holds the card open beats a list of hardware,
 * which beats a name; llama.cpp comes after the vendor's own tool for sizes because on Metal and Vulkan it reports a
 * limit rather than the memory.
 */
const SOURCE_TRUST: readonly string[] = [
  'nvidia-smi',
  'amdgpu sysfs',
  'xe/i915 sysfs',
  'llama.cpp',
  'system_profiler',
  'rocm-smi',
  'registry',
  '/proc/driver/nvidia',
  'kfd',
  'rocminfo',
  'vulkaninfo',
  'WMI',
  'systeminformation',
  'report',
  'dmesg',
  'lspci',
  'sysfs',
  'device tree',
  'sysctl',
  'CPU name',
]

/** Rank of a source, 0 best; an unknown source comes last. */
export function trustRank(source: string): number {
  const rank = SOURCE_TRUST.indexOf(source)
  return rank < 0 ? SOURCE_TRUST.length : rank
}

/** Sources that are the driver's own figure for this device, believed even for the carve-out of an integrated GPU. */
export const DRIVER_SOURCES: ReadonlySet<string> = new Set([
  'nvidia-smi',
  'amdgpu sysfs',
  'xe/i915 sysfs',
  'llama.cpp',
  'rocm-smi',
  'registry',
])

/** The rule's name in `sources`, in words. */
export const TRUST_RULE = 'driver or vendor tool before hardware list before name table'
