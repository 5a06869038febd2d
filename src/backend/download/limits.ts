/** How a transfer is cut up, and how patient it is. */
export interface DownloadLimits {
  /** Of one range: what a restart of the app loses at most of each stream, and what a range costs in requests. */
  readonly chunkBytes: number
  readonly parallelStreams: number
  /** A connection that brings less than `stallBytes` in this time is given up and tried again. */
  readonly stallSeconds: number
  readonly stallBytes: number
  /** In a row, without a chunk's sixteenth arriving between them. */
  readonly retries: number
  readonly retryDelaySeconds: (failures: number) => number
  /** A server that asks for a longer wait is told to the user instead of being waited for. */
  readonly longestWaitSeconds: number
  /** How often progress is written to disk, and free space looked at. */
  readonly saveSeconds: number
  /** Readers are told of changes no faster than this. */
  readonly updateSeconds: number
  /** Kept free on the disk, for everybody else who writes to it. */
  readonly reservedBytes: number
}

/**
 * 16 MiB is a tenth of a second at 1 Gbit/s and a quarter of a minute at 10 Mbit/s; four streams fill a line that one
 * does not, and are what other clients of the hub use. Six tries take about two minutes.
 */
export const DEFAULT_LIMITS: DownloadLimits = {
  chunkBytes: 16 * 2 ** 20,
  parallelStreams: 4,
  stallSeconds: 30,
  stallBytes: 1024,
  retries: 6,
  retryDelaySeconds: (failures) => Math.min(60, 2 ** failures),
  longestWaitSeconds: 120,
  saveSeconds: 2,
  updateSeconds: 0.25,
  reservedBytes: 64 * 2 ** 20,
}
