import { price, yuan } from '@jiyue/contract/money'
import { type MoneyMethod, methodWords } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import source from '../../../../src/tokens.scss?raw'
import type { Per } from '../../../paths.ts'
import { tokenReader } from '../../../tokens.ts'
import { methodsIn, periodText } from './periods.ts'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const { text, px } = tokenReader(source)
/** Methods as on 今日: the primary colour, strong and light; what went back is grey, below the line. */
const opacity = { wechat: 1, alipay: 0.4, offline: 0.2 }

type Period = Reply<'getReconciliation'>['periods'][number]

interface PeriodChartProps {
  periods: Period[]
  per: Per
}

/** Money in above the line by method, money back below it: how the weeks compare. The table says the rest. */
export default function PeriodChart({ periods, per }: PeriodChartProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!box.current) return
    const chart = init(box.current, null, { renderer: 'svg' })
    chart.setOption(optionOf(periods, per))
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(box.current)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [periods, per])
  return (
    <section className="card" aria-label="走势图，数据见下表">
      <div className="chart" ref={box} aria-hidden />
    </section>
  )
}

function optionOf(periods: Period[], per: Per) {
  const bar = { type: 'bar' as const, stack: 'money', barMaxWidth: px('space-6') }
  const label = { color: text('ink-faint'), fontSize: px('text-12') }
  return {
    animation: false,
    textStyle: { fontFamily: text('font') },
    grid: { top: 36, right: 8, bottom: 8, left: 8 },
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: label },
    tooltip: {
      trigger: 'axis' as const,
      axisPointer: { type: 'shadow' as const },
      valueFormatter: (value: unknown) => price(fenOf(Number(value))),
      textStyle: { color: text('ink'), fontSize: px('text-12') },
    },
    xAxis: {
      type: 'category' as const,
      data: periods.map((period) => periodText(per, period)),
      axisTick: { show: false },
      axisLine: { onZero: true, lineStyle: { color: text('line') } },
      axisLabel: { ...label, hideOverlap: true },
    },
    yAxis: {
      type: 'value' as const,
      splitNumber: 3,
      splitLine: { lineStyle: { color: text('line') } },
      axisLabel: { ...label, formatter: (value: number) => price(fenOf(value)) },
    },
    series: [
      ...methodsIn(periods).map((method) => ({
        ...bar,
        name: `${methodWords[method].zh}收款`,
        itemStyle: { color: text('primary'), opacity: opacity[method] },
        data: periods.map((period) => inYuan(paidBy(period, method))),
      })),
      {
        ...bar,
        name: '退款',
        itemStyle: { color: text('ink-faint'), opacity: 0.55 },
        data: periods.map(({ refunded }) => inYuan(-refunded.amountFen)),
      },
    ],
  }
}

/** The axis counts in yuan; people read prices. */
const fenOf = (axis: number) => Math.round(axis * 100)
const inYuan = (fen: number) => Number(yuan(fen))
const paidBy = ({ byMethod }: Period, method: MoneyMethod) =>
  byMethod.find((part) => part.method === method)?.paid.amountFen ?? 0
