import { LineChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'

let registered = false

/** Registers the parts of ECharts this app draws with, once; whatever is not named here stays out of the bundle. */
export function registerCharts(): void {
  if (registered) return
  use([
    LineChart,
    ScatterChart,
    GridComponent,
    TooltipComponent,
    MarkAreaComponent,
    AriaComponent,
    LabelLayout,
    CanvasRenderer,
  ])
  registered = true
}
