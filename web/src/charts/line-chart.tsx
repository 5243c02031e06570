// Lines over time or steps, drawn by uPlot: the legend shows the figures under the pointer, arrows move it, a table says the same.

import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import uPlot from 'uplot'
import { AsTable } from '../kit/as-table.tsx'
import { ChartReader } from './chart-reader.tsx'
import { Legend } from './legend.tsx'
import { lineOptions } from './line-options.ts'
import { type Colors, useColors } from './theme-colors.ts'

export type Line = {
  readonly label: ReactNode
  /** Plain words of the label. */
  readonly name: string
  readonly color: 'series-1' | 'series-2' | 'series-3' | 'loss'
  /** A second sign beside the colour. */
  readonly dash?: readonly number[]
  readonly fill?: boolean
  readonly points?: boolean
  /** Joined where it has no value: points that come at other steps. */
  readonly joined?: boolean
  readonly values: readonly (number | null)[]
}

export type LineChartProps = {
  readonly label: string
  /** Strictly rising: ms UTC where `time`, else steps. */
  readonly x: readonly number[]
  readonly time?: boolean
  readonly xName: string
  readonly lines: readonly Line[]
  readonly height: number
  readonly format: (value: number | null | undefined) => string
  /** On the axis, where space is short. */
  readonly formatTick?: (value: number) => string
  readonly formatX: (x: number) => string
  /** Rows of the table, newest first; every so-manieth point where there are more. */
  readonly tableRows?: number
  readonly compact?: boolean
}

export function LineChart(props: LineChartProps) {
  const { label, x, lines, height, format, formatX, xName, tableRows = 60, time = false, compact = false } = props
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const colors = useColors()
  // The chart is made anew when its lines or their look change; new figures only go into it.
  const look = lines.map(({ name, color }) => `${name} ${color}`).join()
  const make = useEffectEvent((element: HTMLElement, _look: string, colors: Colors) => {
    const options = lineOptions(props, colors, element.clientWidth, index => setAt(index))
    return new uPlot(options, dataOf(props), element)
  })

  useEffect(() => {
    const element = host.current
    if (element === null) return undefined
    const chart = make(element, look, colors)
    plot.current = chart
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [colors, height, look])

  useEffect(() => plot.current?.setData(dataOf({ x, lines, time })), [x, lines, time])

  const last = x.length - 1
  const shown = Math.min(at ?? last, last)
  const move = (to: number): void => {
    const chart = plot.current
    chart?.setCursor({ left: chart.valToPos(chart.data[0][to]!, 'x'), top: 0 })
  }
  const stride = Math.max(1, Math.ceil(x.length / tableRows))
  const words = (i: number): string =>
    [formatX(x[i] ?? 0), ...lines.map(({ name, values }) => `${name} ${format(values[i])}`)].join(', ')
  return (
    <figure aria-label={label} className="flex min-w-0 flex-col">
      <Legend lines={lines} at={shown} x={at === null ? null : formatX(x[shown] ?? 0)} format={format} />
      <div className="relative min-w-0 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus">
        <ChartReader label={label} last={last} at={Math.max(0, shown)} words={words(shown)} onMove={move} />
        <div ref={host} className="min-w-0 overflow-hidden" />
      </div>
      {!compact && (
        <AsTable
          label={label}
          headers={[xName, ...lines.map(({ name }) => name)]}
          rows={() =>
            x
              .map((_, i) => i)
              .filter(i => i % stride === 0 || i === last)
              .reverse()
              .map(i => [formatX(x[i]!), ...lines.map(({ values }) => format(values[i]))])
          }
        />
      )}
    </figure>
  )
}

/** uPlot takes seconds. */
function dataOf({ x, lines, time = false }: Pick<LineChartProps, 'x' | 'lines' | 'time'>): uPlot.AlignedData {
  return [time ? x.map(ms => ms / 1000) : [...x], ...lines.map(({ values }) => [...values])]
}
