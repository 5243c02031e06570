// The run at a glance: the account, who is in charge, what the loop does now, and what went wrong.

import { Empty, Loading } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { AccountTiles } from './account-tiles.tsx'
import { ActivityPanel } from './activity-panel.tsx'
import { DataCard } from './data-card.tsx'
import { DegradedLine } from './degraded-line.tsx'
import { EquityPanel } from './equity-panel.tsx'
import { LoopRail } from './loop-rail.tsx'
import { ResultsPanel } from './results-panel.tsx'
import { RunSummary } from './run-summary.tsx'
import { SinceLastLook } from './since-last-look.tsx'

export function OverviewPage() {
  const known = useLive(({ picture }) => picture !== null)
  const runs = useLive(({ picture }) => picture?.status.run != null)
  if (!known) return <Loading what={text('overview.what')} />
  if (!runs) return <Empty title={text('overview.noRun')}>{text('overview.noRun.what')}</Empty>
  return (
    <div className="grid gap-3 xl:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
      <div className="flex flex-col gap-3 empty:hidden xl:col-span-2">
        <DegradedLine />
        <SinceLastLook />
        <RunSummary />
        <AccountTiles />
        <LoopRail />
      </div>
      <EquityPanel />
      <ActivityPanel />
      <ResultsPanel />
      <DataCard />
    </div>
  )
}
