import { DEFAULT_THEME } from '@mantine/core'
import { cssVariablesResolver } from '../../theme/theme.ts'

/** What a chart is drawn with; canvas cannot read CSS variables, so the tokens of both themes stand here as values. */
export interface ChartPalette {
  readonly text: string
  readonly mutedText: string
  readonly gridLine: string
  readonly axisLine: string
  readonly surface: string
  readonly tooltipSurface: string
  /** Accent of the interface: what is chosen. */
  readonly accent: string
  /** Categorical colours, in the order they are given out. */
  readonly series: readonly string[]
}

export type ChartScheme = 'light' | 'dark'

/**
 * Okabe and Ito, "Color Universal Design" (2008): eight colours told apart with every common colour blindness.
 * Yellow stays out on white and black on dark, where neither reaches 3:1 against the surface; sky blue, orange and
 * purple are darkened on white, blue, green and vermilion lightened on dark, for the same reason.
 */
const SERIES: Readonly<Record<ChartScheme, readonly string[]>> = {
  light: ['#0072b2', '#c27a00', '#009e73', '#b85c8f', '#d55e00', '#2f8fc4', '#1f2328'],
  dark: ['#56b4e9', '#e69f00', '#00b386', '#cc79a7', '#e8743b', '#f0e442', '#e8eaed'],
}

const TOKENS: Readonly<Record<ChartScheme, Readonly<Record<string, string>>>> =
  cssVariablesResolver(DEFAULT_THEME)

/** The palette of one theme, from the tokens of the interface. */
export function chartPalette(scheme: ChartScheme): ChartPalette {
  return PALETTES[scheme]
}

const PALETTES: Readonly<Record<ChartScheme, ChartPalette>> = {
  light: paletteOf('light'),
  dark: paletteOf('dark'),
}

function paletteOf(scheme: ChartScheme): ChartPalette {
  const token = (name: string): string => {
    const value = TOKENS[scheme][name]
    if (value === undefined) throw new Error(`The theme has no ${name}.`)
    return value
  }
  return {
    text: token('--text'),
    mutedText: token('--text-lighter'),
    gridLine: token('--hairline'),
    axisLine: token('--part-used'),
    surface: token('--surface'),
    tooltipSurface: token('--surface-raised'),
    accent: token('--accent-edge'),
    series: SERIES[scheme],
  }
}
