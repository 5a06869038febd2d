/** Unit conversions of the core. Every name says both ends; inside the core there is one unit per dimension. */

const BYTES_PER_GIBIBYTE = 1024 ** 3
const BYTES_PER_MEBIBYTE = 1024 ** 2

/** GiB (2^30) to bytes: `gibibytesToBytes(24) === 25_769_803_776`. */
export function gibibytesToBytes(gibibytes: number): number {
  return gibibytes * BYTES_PER_GIBIBYTE
}

/** Bytes to GiB (2^30). */
export function bytesToGibibytes(bytes: number): number {
  return bytes / BYTES_PER_GIBIBYTE
}

/** MiB (2^20) to bytes, as nvidia-smi prints memory. */
export function mebibytesToBytes(mebibytes: number): number {
  return mebibytes * BYTES_PER_MEBIBYTE
}

/** Decimal GB (10^9) to bytes, as disks, files and bandwidths are sold. */
export function gigabytesToBytes(gigabytes: number): number {
  return gigabytes * 1e9
}

/** Bytes to decimal GB (10^9). */
export function bytesToGigabytes(bytes: number): number {
  return bytes / 1e9
}

/** Kibibytes (2^10) to bytes, as /proc/meminfo prints "kB". */
export function kibibytesToBytes(kibibytes: number): number {
  return kibibytes * 1024
}
