/** How a transfer is cut up, and how patient it is. */
export interface DownloadLimits {
  /** Of one range: each costs a request of the hub, which counts them; what is there of one is kept, too. */
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
 * With 64 MiB a model of 40 GB takes 600 requests, far below what the hub allows without a token in five minutes; four
 * streams fill a line that one does not, and are what other clients of the hub use. Six tries take about a minute.
 */
export const DEFAULT_LIMITS: DownloadLimits = {
  chunkBytes: 64 * 2 ** 20,
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
