// Fills and trades on the chart, from the API and from what came since, and how the bands of releases look.

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { marksQuery } from '../api/queries.ts'
import type { BandLook, CandleChart } from '../charts/candle-chart.ts'
import { type Fill, marksOf, positionAt } from '../charts/chart-marks.ts'
import type { TradeShape } from '../charts/chart-overlay.ts'
import type { Colors } from '../charts/theme-colors.ts'
import { lookOf } from '../charts/version-bands.ts'
import type { Connected } from '../live/connection.ts'
import { useLive, useLiveStore } from '../live/live-provider.tsx'
import type { ChartBar, FillEvent, TradeEvent } from '../live/picture.ts'
import { text } from '../texts/text.ts'

type Trade = {
  readonly decisionId: string
  readonly entry: number
  readonly exit: number
  readonly entryTime: number
  readonly exitTime: number
  readonly net: number
}

type MarksRequest = {
  readonly chart: CandleChart | null
  readonly run: string
  readonly releases: readonly ReleaseView[]
  readonly colors: Colors
  /** Changes when bars learned who decided on them. */
  readonly told: number
  /** The end of a chart that shows older bars. */
  readonly until: number | undefined
}

const NO_FILLS: readonly FillEvent[] = []
const NOTHING = { fills: undefined, trades: undefined }
const NO_TRADES: readonly TradeEvent[] = []

/** A fill comes before its bar: while the newest one has none, every bar is a reason to look again. */
const awaitsBar = ({ picture }: Connected): number => {
  const at = picture?.fills.at(-1)?.at ?? 0
  const known = picture?.bars.at(-1)?.knownAt ?? 0
  return at > known ? (picture?.revision ?? 0) : -1
}

export function useChartMarks({ chart, run, releases, colors, told, until }: MarksRequest): void {
  const store = useLiveStore()
  const newFills = useLive(({ picture }) => picture?.fills ?? NO_FILLS)
  const newTrades = useLive(({ picture }) => picture?.trades ?? NO_TRADES)
  const waiting = useLive(awaitsBar)
  const from = useLive(({ picture }) => picture?.bars[0]?.time)
  const { fills, trades } = useQuery(marksQuery(run, { from, to: until })).data ?? NOTHING
  useEffect(() => {
    if (chart === null || told < 0 || waiting < -1) return
    const bars = store.get().picture?.bars ?? []
    const allFills = new Map((fills ?? []).map((fill): [string, Fill] => [fill.tradeId, fill]))
    for (const { at, body } of newFills) allFills.set(body.tradeId, { at, ...body })
    const allTrades = new Map((trades ?? []).map((trade): [string, Trade] => [trade.decisionId, trade]))
    for (const { body } of newTrades) allTrades.set(body.decisionId, body)
    chart.mark(marksOf(bars, allFills.values()))
    chart.trade(tradesOf(bars, [...allTrades.values()], colors))
  }, [chart, store, newFills, newTrades, fills, trades, colors, told, waiting])
  useEffect(() => chart?.look(looksOf(releases, colors), colors.soft), [chart, releases, colors])
}

function tradesOf(bars: readonly ChartBar[], trades: readonly Trade[], colors: Colors): readonly TradeShape[] {
  const start = bars[0]?.time ?? 0
  return trades
    .filter(({ entryTime }) => entryTime >= start)
    .map(({ entryTime, exitTime, entry, exit, net }) => ({
      from: bars[positionAt(bars, entryTime)]?.index ?? -1,
      to: bars[positionAt(bars, exitTime)]?.index ?? -1,
      entry,
      exit,
      color: net > 0 ? colors.gain : colors.loss,
    }))
    .filter(({ from, to }) => from >= 0 && to >= 0)
}

function looksOf(releases: readonly ReleaseView[], colors: Colors): BandLook {
  const versions = new Map(releases.map(({ releaseId, version }) => [releaseId, version] as const))
  return releaseId => {
    const look = lookOf(versions, releaseId)
    return {
      color: look === null ? colors['strong-line'] : colors[`band-${look.color as 1}`],
      hatch: look?.hatch ?? 0,
      name:
        releaseId === 'baseline'
          ? text('band.baseline')
          : text('band.version', { version: versions.get(releaseId) ?? '?' }),
    }
  }
}
