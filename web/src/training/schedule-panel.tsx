// What waits to be trained and when: what runs, what a person asked for, and the slots of the schedule.

import { whole } from '../base/format.ts'
import { instant, span } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Figure } from '../kit/figure.tsx'
import { Panel } from '../kit/panel.tsx'
import { useLive } from '../live/live-provider.tsx'
import { nextSlot, nextTraining } from '../overview/loop-stages.ts'
import { text } from '../texts/text.ts'

export function SchedulePanel() {
  const { zone } = usePreferences()
  const status = useLive(({ picture }) => picture?.status ?? null)
  const live = useLive(({ picture }) => picture?.live ?? null)
  if (status?.run == null) return null
  const { trainEvery, barMs } = status.run
  const at = nextSlot(status, live)
  const next = nextTraining(status, live)
  const every =
    live?.nextTrainingAt === undefined ? text('schedule.bars', { bars: whole(trainEvery) }) : span(trainEvery * barMs)
  return (
    <Panel title={text('schedule.title')} note={text('schedule.note')}>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-4">
        <Figure
          term="training"
          size="words"
          label={text('schedule.running')}
          value={
            live?.training == null ? text('schedule.nothing') : text('training.runs', { number: live.training.number })
          }
        />
        <Figure
          term="training"
          size="words"
          label={text('schedule.asked')}
          value={live?.trainingAsked ?? text('schedule.nothing')}
        />
        <Figure
          term="nextTraining"
          size="words"
          label={text('tiles.next')}
          value={
            at !== null
              ? instant(at, zone)
              : next === null
                ? text('tiles.next.none')
                : text('tiles.next.bars', { bars: whole(next.barsLeft) })
          }
        />
        <Figure term="schedule" size="words" label={text('schedule.every')} value={every} sub={text('schedule.set')} />
      </dl>
    </Panel>
  )
}
