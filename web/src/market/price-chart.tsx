// The candles on the page: fed by the picture frame by frame, read by pointer and keyboard.

import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { releasesQuery } from '../api/queries.ts'
import { decimalsOf, fixed } from '../base/format.ts'
import { barTime } from '../base/time.ts'
import { type CandleChart, candleChart } from '../charts/candle-chart.ts'
import { ChartReader } from '../charts/chart-reader.tsx'
import { useColors } from '../charts/theme-colors.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { AsTable } from '../kit/as-table.tsx'
import { useLive, useLiveStore } from '../live/live-provider.tsx'
import type { ChartBar } from '../live/picture.ts'
import { text } from '../texts/text.ts'
import { BarLegend } from './bar-legend.tsx'
import { barWords } from './bar-words.ts'
import { ChartKey } from './chart-key.tsx'
import { RangeButtons, rangeOf, USUAL } from './range-buttons.tsx'
import { useChartMarks } from './use-chart-marks.ts'

export type Level = { readonly price: number; readonly title: string; readonly tone: 'loss' | 'gain' }

type PriceChartProps = {
  readonly run: string
  readonly barMs: number
  readonly told: number
  readonly levels: readonly Level[]
  /** Index of the bar that is explained. */
  readonly explained: number | null
  /** The end of older bars; absent: now. */
  readonly until: number | undefined
  readonly onPick: (bar: ChartBar) => void
}

const TABLE_ROWS = 60
/** Prices of the sample have two decimals; a finer step shows in the figures themselves. */
const STEP = 0.01

export function PriceChart({ run, barMs, told, levels, explained, until, onPick }: PriceChartProps) {
  const store = useLiveStore()
  const { zone } = usePreferences()
  const colors = useColors()
  const host = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<CandleChart | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const releases = useQuery(releasesQuery(run)).data ?? []
  const count = useLive(({ picture }) => picture?.bars.length ?? 0)
  const bars = useLive(({ picture }) => picture?.bars)
  const hasBars = count > 0
  const pick = useEffectEvent((position: number) => {
    const bar = store.get().picture?.bars[position]
    if (bar !== undefined) onPick(bar)
  })
  const { query } = useRoute()
  const range = useEffectEvent(() => rangeOf(query['range']))
  const create = useEffectEvent((element: HTMLElement) => {
    const known = store.get().picture?.bars ?? []
    return candleChart(element, {
      colors,
      decimals: decimalsOf(STEP),
      hasVolume: known.some(({ volume }) => volume > 0),
      formatTime: ms => barTime(ms, barMs, zone),
      onHover: setAt,
      onPick: position => pick(position),
    })
  })

  useEffect(() => {
    const element = host.current
    if (element === null || !hasBars) return undefined
    const made = create(element)
    made.sync(store.get().picture?.bars ?? [])
    made.show(range())
    let drawn = store.get().picture?.revision
    const unsubscribe = store.subscribe(() => {
      const { picture } = store.get()
      if (picture === null || picture.revision === drawn) return
      drawn = picture.revision
      made.sync(picture.bars)
    })
    setChart(made)
    return () => {
      setChart(null)
      unsubscribe()
      made.close()
    }
  }, [store, hasBars])

  useEffect(() => chart?.colour(colors), [chart, colors])
  useEffect(() => {
    if (told > 0) chart?.sync(store.get().picture?.bars ?? [], true)
  }, [chart, store, told])
  useEffect(
    () => chart?.lines(levels.map(({ price, title, tone }) => ({ price, title, color: colors[tone] }))),
    [chart, levels, colors],
  )
  useEffect(() => {
    if (explained !== null) chart?.visit(explained)
  }, [chart, explained])
  useChartMarks({ chart, run, releases, colors, told, until })

  const last = count - 1
  const shown = Math.min(at ?? last, last)
  const bar = bars?.[shown]
  const name = (id: string | null): string =>
    releases.find(({ releaseId }) => releaseId === id)?.label ?? text('baseline')
  const words = bar === undefined ? '' : barWords(bar, barTime(bar.time, barMs, zone), name(bar.releaseId))
  return (
    <figure aria-label={text('market.chart')} className="flex min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 pt-2">
        {bar !== undefined && (
          <BarLegend bar={bar} time={barTime(bar.time, barMs, zone)} decider={name(bar.releaseId)} />
        )}
        <div className="ml-auto">
          <RangeButtons
            onShow={(range, newest) => {
              setQuery({ range: range === USUAL ? null : range })
              chart?.show(newest)
            }}
            onZoom={factor => chart?.zoom(factor)}
          />
        </div>
      </div>
      <div className="relative has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus">
        <ChartReader
          label={text('market.chart')}
          last={Math.max(0, last)}
          at={Math.max(0, shown)}
          words={words}
          onMove={to => chart?.step(to - shown)}
          onOpen={() => chart?.pick()}
        />
        <div ref={host} className="h-[26rem] xl:h-[min(34rem,62dvh)]" />
      </div>
      <ChartKey />
      <AsTable
        label={text('market.chart')}
        headers={[
          text('chart.time'),
          ...(['open', 'high', 'low', 'close', 'outcome', 'decider'] as const).map(id => text(`bar.${id}`)),
        ]}
        rows={() =>
          (bars ?? [])
            .slice(-TABLE_ROWS)
            .reverse()
            .map(row => [
              barTime(row.time, barMs, zone),
              ...[row.open, row.high, row.low, row.close].map(price => fixed(price, 2)),
              row.decision === null ? '' : text(`outcome.${row.decision.outcome}`),
              row.releaseId === null ? '' : name(row.releaseId),
            ])
        }
      />
    </figure>
  )
}
