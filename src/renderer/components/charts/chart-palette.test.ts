import { describe, expect, it } from 'vitest'
import { chartPalette } from './chart-palette.ts'
import type { ChartScheme } from './chart-palette.ts'

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = channels.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

describe.each<ChartScheme>(['light', 'dark'])('chart palette, %s', (scheme) => {
  const palette = chartPalette(scheme)

  it('keeps text at 4.5:1 on the surface and in the tooltip', () => {
    for (const text of [palette.text, palette.mutedText]) {
      expect(contrast(text, palette.surface)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(text, palette.tooltipSurface)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('keeps every mark at 3:1 on the surface', () => {
    for (const mark of [...palette.series, palette.accent, palette.axisLine]) {
      expect([mark, contrast(mark, palette.surface) >= 3]).toEqual([mark, true])
    }
  })
})
