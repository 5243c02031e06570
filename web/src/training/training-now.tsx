// The fit that runs now, or the last one that was seen, with its curves as they grow.

import { useQuery } from '@tanstack/react-query'
import { trainingQuery, trainingsQuery } from '../api/queries.ts'
import { percent, whole } from '../base/format.ts'
import { instant } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Icon } from '../kit/icon.tsx'
import { Panel } from '../kit/panel.tsx'
import { Empty } from '../kit/states.tsx'
import { Tag } from '../kit/tag.tsx'
import { useLive } from '../live/live-provider.tsx'
import type { Picture } from '../live/picture.ts'
import { usePaced } from '../live/use-paced.ts'
import { nextSlot, nextTraining } from '../overview/loop-stages.ts'
import { text } from '../texts/text.ts'
import { CurveCharts } from './curve-charts.tsx'
import { TrainingActs } from './training-acts.tsx'

const lastSeen = (picture: Picture | null) => picture?.lastTraining ?? null

export function TrainingNow() {
  const seen = usePaced(lastSeen)
  const running = useLive(({ picture }) => picture?.live?.training ?? null)
  const last = useLastKept(seen === null && running === null)
  const shown = seen ?? last
  return (
    <Panel
      title={text(running === null ? 'training.now' : 'training.runs', { number: running?.number ?? '' })}
      note={running === null ? undefined : <Tag tone="brass">{text('training.running')}</Tag>}
      actions={
        <>
          <NextTraining />
          <TrainingActs />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {running !== null && (
          <div className="flex flex-wrap items-center gap-3 text-xs">
            <span className="font-medium">{running.phase}</span>
            <progress
              aria-label={text('training.progress')}
              value={running.fraction}
              max={1}
              className="thin-progress w-48"
            />
            <span>{percent(running.fraction, 0)}</span>
            <span className="text-mute">{running.text}</span>
          </div>
        )}
        {shown === null ? (
          <Empty title={text('training.nothing')}>{text('training.nothing.why')}</Empty>
        ) : (
          <>
            {shown.trainingId !== running?.trainingId && (
              <p className="text-mute text-xs">{text('training.last', { number: shown.number })}</p>
            )}
            <CurveCharts training={shown.number} points={shown.points} />
          </>
        )}
      </div>
    </Panel>
  )
}

type Kept = Pick<NonNullable<Picture['lastTraining']>, 'trainingId' | 'number' | 'points'>

/** The newest training whose curves were kept, for who comes when none runs. */
function useLastKept(wanted: boolean): Kept | null {
  const run = useLive(({ picture }) => picture?.status.run?.runId)
  const trainings = useQuery({ ...trainingsQuery(run), enabled: wanted && run !== undefined }).data ?? []
  const id = trainings.findLast(({ status }) => status === 'released')?.trainingId
  const { data } = useQuery({ ...trainingQuery(id ?? ''), enabled: wanted && id !== undefined })
  return data === undefined || !wanted
    ? null
    : { trainingId: data.trainingId, number: data.number, points: data.curves }
}

function NextTraining() {
  const status = useLive(({ picture }) => picture?.status ?? null)
  const live = useLive(({ picture }) => picture?.live ?? null)
  const { zone } = usePreferences()
  const next = status === null ? null : nextTraining(status, live)
  const slot = status === null ? null : nextSlot(status, live)
  if (next === null && slot === null) return null
  return (
    <span className="inline-flex items-center gap-1.5 text-mute text-xs">
      <Icon name="arrow" size={13} />
      {next === null
        ? text('stage.train.at', { time: instant(slot, zone) })
        : text(next.eta === null ? 'stage.train.next' : 'stage.train.nextIn', {
            bars: whole(next.barsLeft),
            eta: next.eta ?? '',
          })}
    </span>
  )
}
