// Trainings: the fit that runs with its live curves, and every cycle with what came of it.

import { useQuery } from '@tanstack/react-query'
import { trainingsQuery } from '../api/queries.ts'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { Panel } from '../kit/panel.tsx'
import { Ask, Empty, Loading } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { LeaderboardPanel } from './leaderboard-panel.tsx'
import { SchedulePanel } from './schedule-panel.tsx'
import { TrainingList } from './training-list.tsx'
import { TrainingNow } from './training-now.tsx'
import { TrainingPanel } from './training-panel.tsx'

export function TrainingPage() {
  const { query } = useRoute()
  const known = useLive(({ picture }) => picture !== null)
  const run = useLive(({ picture }) => picture?.status.run?.runId)
  const trainings = useQuery({ ...trainingsQuery(run), enabled: run !== undefined })
  const open = query['training']
  if (!known) return <Loading what={text('training.what')} />
  if (run === undefined) return <Empty title={text('overview.noRun')}>{text('overview.noRun.what')}</Empty>
  return (
    <div className="flex flex-col gap-3">
      <TrainingNow />
      <SchedulePanel />
      {open !== undefined && <TrainingPanel key={open} id={open} onClose={() => setQuery({ training: null })} />}
      <LeaderboardPanel run={run} />
      <Panel title={text('training.list')} note={text('training.list.note')} flush>
        <Ask query={trainings} what={text('training.what')}>
          {items =>
            items.length === 0 ? (
              <div className="p-3">
                <Empty title={text('training.none')}>{text('training.none.why')}</Empty>
              </div>
            ) : (
              <TrainingList trainings={items} open={open} onOpen={id => setQuery({ training: id })} />
            )
          }
        </Ask>
      </Panel>
    </div>
  )
}
