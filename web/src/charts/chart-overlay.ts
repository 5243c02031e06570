// Drawn around the candles: behind them a band for each model in charge, hatched when colours come round again and named at its
// beginning; over them a line from the entry of each trade to its exit.

import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
} from 'lightweight-charts'

export type BandShape = {
  /** Positions of its first and last bar. */
  readonly from: number
  readonly to: number
  readonly color: string
  readonly hatch: number
  readonly name: string
}

export type TradeShape = {
  readonly from: number
  readonly to: number
  readonly entry: number
  readonly exit: number
  readonly color: string
}

type OverlayShapes = {
  readonly bands: readonly BandShape[]
  readonly trades: readonly TradeShape[]
  /** Of the names. */
  readonly ink: string
}

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0]
type Area = Parameters<Parameters<Target['useMediaCoordinateSpace']>[0]>[0]

const STRIPE = 5
const HATCH_GAP = 9

/** A primitive of the candle series; `set` replaces what is given. */
export function chartOverlay() {
  let shapes: OverlayShapes = { bands: [], trades: [], ink: '#000' }
  let attached: SeriesAttachedParameter | undefined

  const view = (
    zOrder: 'bottom' | 'top',
    draw: (area: Area, at: SeriesAttachedParameter) => void,
  ): IPrimitivePaneView => ({
    zOrder: () => zOrder,
    renderer: () => ({
      draw: target =>
        target.useMediaCoordinateSpace(area => (attached === undefined ? undefined : draw(area, attached))),
    }),
  })
  const views = [
    view('bottom', (area, { chart }) => drawBands(area, chart, shapes)),
    view('top', (area, { chart, series }) => drawTrades(area, chart, series, shapes)),
  ]
  const primitive: ISeriesPrimitive = {
    attached: parameters => {
      attached = parameters
    },
    detached: () => {
      attached = undefined
    },
    paneViews: () => views,
  }
  return {
    primitive,
    set(next: Partial<OverlayShapes>): void {
      shapes = { ...shapes, ...next }
      attached?.requestUpdate()
    },
  }
}

const xOf = (chart: IChartApi, logical: number): number | null =>
  chart.timeScale().logicalToCoordinate(logical as Logical)

function drawBands({ context, mediaSize }: Area, chart: IChartApi, { bands, ink }: OverlayShapes): void {
  context.font = '600 10px system-ui, sans-serif'
  context.textBaseline = 'top'
  const half = chart.timeScale().options().barSpacing / 2
  for (const { from, to, color, hatch, name } of bands) {
    const first = xOf(chart, from)
    const last = xOf(chart, to)
    if (first === null || last === null) continue
    // The chart knows whole bars only; a band reaches half a bar further on both sides.
    const left = first - half
    const right = last + half
    if (right < 0 || left > mediaSize.width) continue
    const x = Math.max(0, left)
    const width = Math.min(mediaSize.width, right) - x
    context.save()
    context.beginPath()
    context.rect(x, 0, width, mediaSize.height)
    context.clip()
    context.globalAlpha = 0.1
    context.fillStyle = color
    context.fillRect(x, 0, width, mediaSize.height)
    context.globalAlpha = 0.85
    context.fillRect(x, 0, width, STRIPE)
    if (hatch > 0) drawHatch(context, x, width, mediaSize.height, color, hatch)
    context.globalAlpha = 0.9
    context.fillStyle = ink
    if (context.measureText(name).width + 8 < width) context.fillText(name, x + 4, STRIPE + 3)
    context.restore()
  }
}

function drawHatch(
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  height: number,
  color: string,
  hatch: number,
): void {
  context.globalAlpha = 0.22
  context.strokeStyle = color
  context.lineWidth = 1
  context.beginPath()
  for (let at = x - height; at < x + width + height; at += HATCH_GAP) {
    context.moveTo(at, hatch === 1 ? height : 0)
    context.lineTo(at + height, hatch === 1 ? 0 : height)
  }
  context.stroke()
}

function drawTrades(
  { context }: Area,
  chart: IChartApi,
  series: SeriesAttachedParameter['series'],
  { trades }: OverlayShapes,
): void {
  context.lineWidth = 1.5
  context.setLineDash([4, 3])
  for (const { from, to, entry, exit, color } of trades) {
    const x1 = xOf(chart, from)
    const x2 = xOf(chart, to)
    const y1 = series.priceToCoordinate(entry)
    const y2 = series.priceToCoordinate(exit)
    if (x1 === null || x2 === null || y1 === null || y2 === null) continue
    context.strokeStyle = color
    context.beginPath()
    context.moveTo(x1, y1)
    context.lineTo(x2, y2)
    context.stroke()
  }
  context.setLineDash([])
}
