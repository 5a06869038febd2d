import { formatNumber } from '#core/figure/format-figure.ts'
import type { MachineFormatSpeed, MachineSpeed } from '#core/measure/measurement.ts'
import { bytesToGigabytes } from '#core/units/units.ts'
import { plainText } from './plain-text.ts'

function formatText({ quantizationId, ...speed }: MachineFormatSpeed): string {
  const { readBytesPerSecond, lowReadBytesPerSecond, highReadBytesPerSecond, prefillFlopsPerSecond } = speed
  const [read, low, high] = [readBytesPerSecond, lowReadBytesPerSecond, highReadBytesPerSecond].map((bytes) =>
    formatNumber(bytesToGigabytes(bytes)),
  )
  return `${plainText(quantizationId)} ${read} GB/s ● (${low}–${high}), ${formatNumber(prefillFlopsPerSecond / 1e9)} GFLOP/s ● on prompts`
}

/** How fast a machine reads and computes, in one sentence: "reads Q4_K_M 14 GB/s ● (13–14.5), 90 GFLOP/s ● on prompts; …". */
export function machineSpeedText({ formats, cacheBytesPerSecond, engine }: MachineSpeed): string {
  const cache =
    cacheBytesPerSecond === null
      ? []
      : [`KV cache ${formatNumber(bytesToGigabytes(cacheBytesPerSecond))} GB/s ●`]
  return `on ${engine.backend} reads ${[...formats.map(formatText), ...cache].join('; ')}`
}
