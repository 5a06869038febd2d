import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import type { AriaComponentOption, GridComponentOption, TooltipComponentOption } from 'echarts/components'
import type { ComposeOption } from 'echarts/core'

/** The options this app's charts may use: exactly what `registerCharts` registers. */
export type ChartOption = ComposeOption<
  LineSeriesOption | ScatterSeriesOption | AriaComponentOption | GridComponentOption | TooltipComponentOption
>
