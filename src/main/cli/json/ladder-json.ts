import type { LadderCell } from '#core/plan/plan-ladder.ts'

/** One step of the ladder: fits or not, and by how much. */
export function ladderCellJson(cell: LadderCell) {
  return {
    quantization: cell.quantization,
    contextTokens: cell.contextTokens,
    fit: cell.fit,
    mode: cell.mode,
    fileBytes: cell.fileBytes,
    totalBytes: cell.totalBytes,
    missingBytes: cell.missingBytes,
    spareBytes: cell.spareBytes,
    decodeTokensPerSecond: cell.decodeTokensPerSecond,
  }
}
