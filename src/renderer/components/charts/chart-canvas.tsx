import { init } from 'echarts/core'
import type { ECharts } from 'echarts/core'
import { useEffect, useRef } from 'react'
import type { ChartOption } from './chart-option.ts'
import { registerCharts } from './register-charts.ts'

/** Longest motion the interface allows. */
const MOTION_MILLISECONDS = 150

interface ChartCanvasProps {
  readonly option: ChartOption
  readonly label: string
  readonly animated: boolean
  /** Called with the `id` of the data item that was clicked. */
  readonly onPick?: ((id: string) => void) | undefined
  /** Hands the live chart out, for copying; null when it goes away. */
  readonly onChart: (chart: ECharts | null) => void
}

/** The drawing itself: one ECharts instance that lives as long as the element and follows its size. */
export function ChartCanvas({ option, label, animated, onPick, onChart }: ChartCanvasProps) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts | null>(null)
  const pick = useRef(onPick)

  useEffect(() => {
    pick.current = onPick
  }, [onPick])

  useEffect(() => {
    if (element.current === null) return undefined
    registerCharts()
    const made = init(element.current, null, { renderer: 'canvas' })
    chart.current = made
    made.on('click', (event) => {
      const id = pickedId(event.data)
      if (id !== null) pick.current?.(id)
    })
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element.current)
    onChart(made)
    return () => {
      observer.disconnect()
      onChart(null)
      chart.current = null
      made.dispose()
    }
  }, [onChart])

  useEffect(() => {
    chart.current?.setOption(
      { ...option, animation: animated, animationDuration: 0, animationDurationUpdate: MOTION_MILLISECONDS },
      { notMerge: true },
    )
  }, [option, animated])

  return <div ref={element} role="img" aria-label={label} style={{ width: '100%', height: '100%' }} />
}

function pickedId(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null
  return typeof item.id === 'string' ? item.id : null
}
