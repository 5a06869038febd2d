import { Button, useComputedColorScheme } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import type { ECharts } from 'echarts/core'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartOption } from './chart-option.ts'
import { ChartCanvas } from './chart-canvas.tsx'
import { copyChartImage } from './chart-image.ts'
import { chartPalette } from './chart-palette.ts'
import type { ChartPalette } from './chart-palette.ts'
import classes from './chart.module.css'

/** Twice the screen's pixels, so that a copied chart stays sharp on paper. */
const IMAGE_PIXEL_RATIO = 2

interface ChartProps {
  readonly title: string
  /** One sentence that says what the chart shows, for those who cannot see it. */
  readonly description: string
  /** How to read it, in the words and shapes of its marks. */
  readonly note?: string
  /** Builds the options for the theme in force; keep it stable between renders. */
  readonly optionFor: (palette: ChartPalette) => ChartOption
  /** The same numbers as a table. */
  readonly table: ReactNode
  /** File name of a saved picture, without extension. */
  readonly fileName: string
  readonly onPick?: (id: string) => void
}

/** A chart with its table beside it: draws, follows the theme, copies itself as a picture. */
export function Chart({ title, description, note, optionFor, table, fileName, onPick }: ChartProps) {
  const { t } = useTranslation()
  const palette = chartPalette(useComputedColorScheme('light'))
  const still = useReducedMotion()
  const [asTable, setAsTable] = useState(false)
  const [said, setSaid] = useState('')
  const chart = useRef<ECharts | null>(null)
  const hold = useCallback((made: ECharts | null) => {
    chart.current = made
  }, [])
  const option = useMemo(() => optionFor(palette), [optionFor, palette])

  async function copy(): Promise<void> {
    if (chart.current === null) return
    const canvas = chart.current.renderToCanvas({
      pixelRatio: IMAGE_PIXEL_RATIO,
      backgroundColor: palette.surface,
    })
    const name = `${fileName}.png`
    try {
      const outcome = await copyChartImage(canvas, name)
      setSaid(outcome === 'copied' ? t('charts.copied') : t('charts.saved', { name }))
    } catch {
      setSaid(t('charts.failed'))
    }
  }

  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>{title}</span>
        <span className={classes.tools}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {t(asTable ? 'charts.showChart' : 'charts.showTable')}
          </Button>
          {asTable ? null : (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void copy()}>
              {t('charts.copyImage')}
            </Button>
          )}
        </span>
        <span role="status">{said}</span>
      </figcaption>
      <div className={classes.body}>
        {asTable ? (
          <div className={classes.table}>{table}</div>
        ) : (
          <ChartCanvas option={option} label={description} animated={!still} onPick={onPick} onChart={hold} />
        )}
      </div>
      {note === undefined || asTable ? null : <p className={classes.note}>{note}</p>}
    </figure>
  )
}
