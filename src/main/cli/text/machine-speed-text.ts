import { formatNumber } from '#core/figure/format-figure.ts'
import type { MachineFormatSpeed, MachineSpeed } from '#core/measure/measurement.ts'
import { disturbanceWords } from '#core/measure/disturbance.ts'
import { bytesToGigabytes } from '#core/units/units.ts'
import { plainText } from './plain-text.ts'

function formatText({ quantizationId, ...speed }: MachineFormatSpeed): string {
  const { readBytesPerSecond, lowReadBytesPerSecond, highReadBytesPerSecond, prefillFlopsPerSecond } = speed
  const [read, low, high] = [readBytesPerSecond, lowReadBytesPerSecond, highReadBytesPerSecond].map((bytes) =>
    formatNumber(bytesToGigabytes(bytes)),
  )
  return `${plainText(quantizationId)} ${read} GB/s ● (${low}–${high}), ${formatNumber(prefillFlopsPerSecond / 1e9)} GFLOP/s ● on prompts`
}

/** How fast a machine reads and computes, one thing a line: "Q4_K_M 14 GB/s ● (13–14.5), 90 GFLOP/s ● on prompts". */
export function machineSpeedLines(speed: MachineSpeed): readonly string[] {
  const { formats, cacheBytesPerSecond } = speed
  const disturbed = disturbanceWords(speed)
  const cache =
    cacheBytesPerSecond === null
      ? []
      : [`KV cache ${formatNumber(bytesToGigabytes(cacheBytesPerSecond))} GB/s ●`]
  return [...formats.map(formatText), ...cache, ...(disturbed === null ? [] : [disturbed])]
}
