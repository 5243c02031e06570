// What the market did, what was decided on it and why: chart, lists, and the explanation of one decision.

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Explanation } from '../../../src/api/schemas/market.ts'
import type { PositionView } from '../../../src/api/schemas/reading.ts'
import { explanationQuery, positionsQuery } from '../api/queries.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { Panel } from '../kit/panel.tsx'
import { Empty, Loading } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import type { ChartBar } from '../live/picture.ts'
import { text } from '../texts/text.ts'
import { OlderBars, UntilField, untilOf } from './older-bars.tsx'
import { type Level, PriceChart } from './price-chart.tsx'
import { RecordLists } from './record-lists.tsx'
import { usePastDecisions } from './use-past-decisions.ts'
import { WhyPanel } from './why-panel.tsx'

export function MarketPage() {
  const known = useLive(({ picture }) => picture !== null)
  const run = useLive(({ picture }) => picture?.status.run ?? null)
  if (!known) return <Loading what={text('market.what')} />
  if (run === null) return <Empty title={text('overview.noRun')}>{text('overview.noRun.what')}</Empty>
  return <MarketOfRun key={run.runId} run={run.runId} symbol={run.symbol} barMs={run.barMs} />
}

type MarketOfRunProps = { readonly run: string; readonly symbol: string; readonly barMs: number }

function MarketOfRun({ run, symbol, barMs }: MarketOfRunProps) {
  const { query } = useRoute()
  const { zone } = usePreferences()
  const seq = query['why'] === undefined ? null : Number(query['why'])
  const { bar, levels } = useShown(run, seq)
  const { data: held } = useQuery({ ...positionsQuery(run), select: openLevels })
  const lines = useMemo(() => [...levels, ...(held ?? [])], [levels, held])
  const pick = ({ decision }: ChartBar): void => setQuery({ why: decision === null ? null : String(decision.seq) })
  const until = untilOf(query['until'])
  const shown = { run, symbol, barMs, explained: bar, until, onPick: pick }
  const open = (decision: number): void => setQuery({ why: String(decision) })
  return (
    <div className={seq === null ? 'flex flex-col gap-3' : 'grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_26rem]'}>
      <div className="flex min-w-0 flex-col gap-3">
        <Panel
          title={text('market.title', { symbol })}
          note={text('market.note')}
          actions={<UntilField day={query['until']} />}
          flush
        >
          {until === undefined ? (
            <ChartOfBars key={zone} {...shown} levels={lines} />
          ) : (
            <OlderBars run={run} until={until}>
              <ChartOfBars key={`${zone} ${until}`} {...shown} levels={levels} />
            </OlderBars>
          )}
        </Panel>
        <RecordLists run={run} open={seq} onOpen={open} />
      </div>
      {seq !== null && <WhyPanel key={seq} run={run} seq={seq} onClose={() => setQuery({ why: null })} />}
    </div>
  )
}

type ChartOfBarsProps = Omit<Parameters<typeof PriceChart>[0], 'told'> & { readonly symbol: string }

function ChartOfBars({ symbol, ...shown }: ChartOfBarsProps) {
  const hasBars = useLive(({ picture }) => (picture?.bars.length ?? 0) > 0)
  const { told, failed } = usePastDecisions(shown.run, shown.until)
  return (
    <>
      {failed && <p className="bg-brass-wash px-3 py-1 text-warn text-xs">{text('market.partial')}</p>}
      {hasBars ? (
        <PriceChart {...shown} told={told} />
      ) : (
        <div className="p-3">
          <Empty title={text('market.empty', { symbol })}>{text('market.empty.why')}</Empty>
        </div>
      )}
    </>
  )
}

type Shown = { readonly bar: number | null; readonly levels: readonly Level[] }

const NOTHING: Shown = { bar: null, levels: [] }

/** Stop and target of every open trade. */
function openLevels(positions: readonly PositionView[]): readonly Level[] {
  return positions.flatMap(({ stop, target }) => levelsOf(stop, target, 'open'))
}

/** Where the explained decision is on the chart, with its stop and its target. */
function useShown(run: string, seq: number | null): Shown {
  const { data } = useQuery({ ...explanationQuery(run, seq ?? 0), enabled: seq !== null, select: shownOf })
  return seq === null ? NOTHING : (data ?? NOTHING)
}

const shownOf = ({ stop, target, decision }: Explanation): Shown => ({
  bar: decision.bar,
  levels: levelsOf(stop, target, 'level'),
})

function levelsOf(stop: number | null, target: number | null, whose: 'open' | 'level'): Level[] {
  const levels: Level[] = []
  if (stop !== null) levels.push({ price: stop, title: text(`${whose}.stop`), tone: 'loss' })
  if (target !== null) levels.push({ price: target, title: text(`${whose}.target`), tone: 'gain' })
  return levels
}
