// What the market did, what was decided on it and why: chart, lists, and the explanation of one decision.

import { useQuery } from '@tanstack/react-query'
import type { Explanation } from '../../../src/api/schemas/market.ts'
import { explanationQuery } from '../api/queries.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { Panel } from '../kit/panel.tsx'
import { Empty, Loading } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import type { ChartBar } from '../live/picture.ts'
import { text } from '../texts/text.ts'
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
  const hasBars = useLive(({ picture }) => (picture?.bars.length ?? 0) > 0)
  const { told, failed } = usePastDecisions(run)
  const { bar, levels } = useShown(run, seq)
  const pick = ({ decision }: ChartBar): void => setQuery({ why: decision === null ? null : String(decision.seq) })
  const open = (decision: number): void => setQuery({ why: String(decision) })
  return (
    <div className={seq === null ? 'flex flex-col gap-3' : 'grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_26rem]'}>
      <div className="flex min-w-0 flex-col gap-3">
        <Panel title={text('market.title', { symbol })} note={text('market.note')} flush>
          {failed && <p className="bg-brass-wash px-3 py-1 text-warn text-xs">{text('market.partial')}</p>}
          {hasBars ? (
            <PriceChart key={zone} run={run} barMs={barMs} told={told} levels={levels} explained={bar} onPick={pick} />
          ) : (
            <div className="p-3">
              <Empty title={text('market.empty', { symbol })}>{text('market.empty.why')}</Empty>
            </div>
          )}
        </Panel>
        <RecordLists run={run} open={seq} onOpen={open} />
      </div>
      {seq !== null && <WhyPanel key={seq} run={run} seq={seq} onClose={() => setQuery({ why: null })} />}
    </div>
  )
}

type Shown = { readonly bar: number | null; readonly levels: readonly Level[] }

const NOTHING: Shown = { bar: null, levels: [] }

/** Where the explained decision is on the chart, with its stop and its target. */
function useShown(run: string, seq: number | null): Shown {
  const { data } = useQuery({ ...explanationQuery(run, seq ?? 0), enabled: seq !== null, select: shownOf })
  return seq === null ? NOTHING : (data ?? NOTHING)
}

function shownOf({ stop, target, decision }: Explanation): Shown {
  const levels: Level[] = []
  if (stop !== null) levels.push({ price: stop, title: text('level.stop'), tone: 'loss' })
  if (target !== null) levels.push({ price: target, title: text('level.target'), tone: 'gain' })
  return { bar: decision.bar, levels }
}
