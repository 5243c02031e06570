// The candles and the strips below them, drawn by Lightweight Charts: appended bar by bar, or set anew where that is cheaper.

import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineStyle,
  type MouseEventParams,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { ChartBar } from '../live/picture.ts'
import { candleOptions, chartOptions, stripOptions } from './candle-options.ts'
import type { Mark } from './chart-marks.ts'
import { type BandShape, chartOverlay, type TradeShape } from './chart-overlay.ts'
import { confidencePoint, regimePoint, volumePoint } from './strip-points.ts'
import type { Colors } from './theme-colors.ts'
import { addToBands, type Band } from './version-bands.ts'

export type CandleChartOptions = {
  readonly colors: Colors
  readonly decimals: number
  readonly hasVolume: boolean
  /** What the time axis writes under a bar. */
  readonly formatTime: (ms: number) => string
  /** Position of the bar under the pointer or the keyboard; null beside the chart. */
  readonly onHover: (position: number | null) => void
  readonly onPick: (position: number) => void
}

/** How the band of a release looks, and what it is called. */
export type BandLook = (releaseId: string) => Omit<BandShape, 'from' | 'to'>

/** More new bars than this at once are cheaper set anew. */
const APPEND_LIMIT = 200

const timeOf = (bar: ChartBar): UTCTimestamp => (bar.time / 1000) as UTCTimestamp

/** @param host an empty element with a height */
export function candleChart(host: HTMLElement, options: CandleChartOptions) {
  let { colors } = options
  const chart = createChart(host, chartOptions(colors, options.formatTime))
  const candles = chart.addSeries(CandlestickSeries, candleOptions(colors, options.decimals))
  const volume = options.hasVolume
    ? chart.addSeries(HistogramSeries, { ...stripOptions, priceScaleId: 'volume' })
    : undefined
  volume?.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } })
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.18 } })
  const confidence = chart.addSeries(HistogramSeries, stripOptions, 1)
  const regime = chart.addSeries(HistogramSeries, stripOptions, 2)
  const fixScale = (max: number) => () => ({ priceRange: { minValue: 0, maxValue: max } })
  confidence.applyOptions({ autoscaleInfoProvider: fixScale(1) })
  regime.applyOptions({ autoscaleInfoProvider: fixScale(3) })
  const sizePanes = (): void => {
    for (const [pane, share] of [80, 11, 9].entries()) chart.panes()[pane]?.setStretchFactor(share)
  }
  sizePanes()
  const overlay = chartOverlay()
  candles.attachPrimitive(overlay.primitive)
  const markers = createSeriesMarkers(candles, [])
  let bars: readonly ChartBar[] = []
  let first = -1
  let count = 0
  let at: number | null = null
  /** Index of the bar that the keyboard reads: new bars move the chart, not the reader. */
  let reading: number | null = null
  let bands: Band[] = []
  let look: BandLook | undefined
  let trades: readonly TradeShape[] = []
  let closed = false

  const hover = (position: number | null): void => {
    at = position
    options.onHover(position)
  }
  const positionOf = ({ logical }: MouseEventParams): number | null => {
    const position = logical === undefined ? -1 : Math.round(logical)
    return position >= 0 && position < bars.length ? position : null
  }
  chart.subscribeCrosshairMove(event => {
    if (event.sourceEvent !== undefined) reading = null
    if (reading === null) hover(event.point === undefined && event.logical === undefined ? null : positionOf(event))
  })
  chart.subscribeClick(event => {
    const position = positionOf(event)
    if (position !== null) options.onPick(position)
  })

  function bringIntoView(position: number): void {
    const range = chart.timeScale().getVisibleLogicalRange()
    if (range === null || (position >= range.from && position <= range.to)) return
    const half = (range.to - range.from) / 2
    chart.timeScale().setVisibleLogicalRange({ from: position - half, to: position + half })
  }

  function read(position: number): void {
    const bar = bars[position]
    if (bar === undefined) return
    chart.setCrosshairPosition(bar.close, timeOf(bar), candles)
    hover(position)
  }

  function add(bar: ChartBar): void {
    const time = timeOf(bar)
    candles.update({ time, open: bar.open, high: bar.high, low: bar.low, close: bar.close })
    volume?.update(volumePoint(bar, time, colors))
    confidence.update(confidencePoint(bar, time, colors))
    regime.update(regimePoint(bar, time, colors))
  }

  /** Shapes are kept by index of their bars; the oldest bars may go, and places shift. */
  function drawShapes(): void {
    const start = bars[0]?.index ?? 0
    const placed = <T extends { readonly from: number; readonly to: number }>(shape: T): T => ({
      ...shape,
      from: shape.from - start,
      to: shape.to - start,
    })
    overlay.set({
      bands: bands.flatMap(band => (look === undefined ? [] : placed({ ...band, ...look(band.releaseId) }))),
      trades: trades.map(placed),
    })
  }

  function setAll(): void {
    candles.setData(
      bars.map(bar => ({ time: timeOf(bar), open: bar.open, high: bar.high, low: bar.low, close: bar.close })),
    )
    volume?.setData(bars.map(bar => volumePoint(bar, timeOf(bar), colors)))
    confidence.setData(bars.map(bar => confidencePoint(bar, timeOf(bar), colors)))
    regime.setData(bars.map(bar => regimePoint(bar, timeOf(bar), colors)))
  }

  return {
    /** @param anew what was known of bars before has changed too */
    sync(next: readonly ChartBar[], anew = false): void {
      const start = next[0]?.index ?? -1
      const from = !anew && start === first ? count : 0
      bars = next
      if (from === 0 || next.length - from > APPEND_LIMIT) setAll()
      else for (const bar of next.slice(from)) add(bar)
      if (from === 0) bands = []
      for (const bar of next.slice(from)) addToBands(bands, bar.index, bar.releaseId)
      drawShapes()
      if (reading !== null) read(reading - start)
      first = start
      count = next.length
    },
    mark(marks: readonly Mark[]): void {
      markers.setMarkers(
        marks.map(
          ({ position, above, shape, words, role }): SeriesMarker<Time> => ({
            time: timeOf(bars[position]!),
            position: above ? 'aboveBar' : 'belowBar',
            shape,
            text: words,
            color:
              role === 'entry'
                ? colors.ink
                : role === 'stop'
                  ? colors.loss
                  : role === 'target'
                    ? colors.gain
                    : colors.soft,
          }),
        ),
      )
    },
    /** `from` and `to` are indexes of bars. */
    trade(shapes: readonly TradeShape[]): void {
      trades = shapes
      drawShapes()
    },
    look(next: BandLook, ink: string): void {
      look = next
      overlay.set({ ink })
      drawShapes()
    },
    colour(next: Colors): void {
      colors = next
      chart.applyOptions(chartOptions(colors, options.formatTime))
      candles.applyOptions(candleOptions(colors, options.decimals))
      setAll()
    },
    /** Shows the newest so many bars, or all; keeps up with new ones. */
    show(newest: number | null): void {
      const last = bars.length - 1
      const start = newest === null ? 0 : Math.max(0, last - newest + 1)
      chart.timeScale().setVisibleLogicalRange({ from: start, to: last + 4 })
    },
    /** Moves the reader by so many bars; into view where it is not. */
    step(by: number): void {
      const position = Math.min(bars.length - 1, Math.max(0, (at ?? bars.length - 1) + by))
      const bar = bars[position]
      if (bar === undefined) return
      bringIntoView(position)
      reading = bar.index
      read(position)
    },
    /** Puts the reader on a bar by its index, and the bar into view. */
    visit(index: number): void {
      const position = index - (bars[0]?.index ?? 0)
      if (bars[position] === undefined) return
      reading = index
      bringIntoView(position)
      read(position)
    },
    pick(): void {
      if (at !== null) options.onPick(at)
    },
    zoom(factor: number): void {
      const range = chart.timeScale().getVisibleLogicalRange()
      if (range === null) return
      const width = (range.to - range.from) * factor
      chart.timeScale().setVisibleLogicalRange({ from: range.to - width, to: range.to })
    },
    lines(levels: readonly { readonly price: number; readonly title: string; readonly color: string }[]): () => void {
      const drawn = levels.map(({ price, title, color }) =>
        candles.createPriceLine({
          price,
          title,
          color,
          lineWidth: 1,
          lineStyle: LineStyle.Dashed,
          axisLabelVisible: true,
        }),
      )
      return () => {
        // Whoever leaves the page may let go of the lines after the chart is gone.
        if (closed) return
        for (const line of drawn) candles.removePriceLine(line)
      }
    },
    close(): void {
      closed = true
      chart.remove()
    },
  }
}

export type CandleChart = ReturnType<typeof candleChart>
