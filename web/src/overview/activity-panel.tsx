// Alerts and handovers, newest first.

import { useQuery } from '@tanstack/react-query'
import { releasesQuery, timelineQuery, trainingsQuery } from '../api/queries.ts'
import { hrefOf } from '../base/route.ts'
import { dateOf } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Icon, type IconName } from '../kit/icon.tsx'
import { Panel } from '../kit/panel.tsx'
import { Empty } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import type { Notice } from '../live/picture.ts'
import { text } from '../texts/text.ts'
import { type Activity, activityOf } from './activity.ts'

const SIGN: Readonly<Record<Activity['tone'], { readonly icon: IconName; readonly className: string }>> = {
  good: { icon: 'check', className: 'text-gain' },
  bad: { icon: 'stop', className: 'text-loss' },
  warn: { icon: 'cross', className: 'text-warn' },
  plain: { icon: 'dash', className: 'text-mute' },
}

const NONE: readonly Notice[] = []
const SHOWN = 60

export function ActivityPanel() {
  const notices = useLive(({ picture }) => picture?.notices ?? NONE)
  const run = useLive(({ picture }) => picture?.status.run?.runId)
  const refused = useLive(({ picture }) => picture?.status.counts.refused ?? 0)
  const releases = useQuery(releasesQuery(run)).data ?? []
  const trainings = useQuery(trainingsQuery(run)).data ?? []
  const timeline = useQuery(timelineQuery()).data?.items ?? []
  const items = activityOf(notices, { releases, trainings, timeline }, SHOWN)
  return (
    <Panel
      title={text('activity.title')}
      note={refused === 0 ? text('activity.noneRefused') : undefined}
      flush
      className="xl:h-0 xl:min-h-full"
    >
      {items.length === 0 ? (
        <div className="p-3">
          <Empty title={text('activity.empty')}>{text('activity.empty.why')}</Empty>
        </div>
      ) : (
        <section
          aria-label={text('table.region', { what: text('activity.title') })}
          tabIndex={0}
          className="max-h-[22rem] overflow-y-auto xl:h-full xl:max-h-none"
        >
          <ul>
            {items.map(({ key, ...item }) => (
              <ActivityItem key={key} {...item} />
            ))}
          </ul>
        </section>
      )}
    </Panel>
  )
}

function ActivityItem({ at, tone, title, detail, route }: Omit<Activity, 'key'>) {
  const { zone } = usePreferences()
  const { icon, className } = SIGN[tone]
  return (
    <li className="grid grid-cols-[auto_1fr_auto] items-baseline gap-x-2 border-line border-b px-3 py-1.5 text-xs last:border-b-0">
      <span className={`self-center ${className}`}>
        <Icon name={icon} size={13} />
      </span>
      <span className="min-w-0 font-medium">
        {route === null ? (
          title
        ) : (
          <a href={hrefOf(route)} className="underline decoration-strong-line underline-offset-2 hover:decoration-ink">
            {title}
          </a>
        )}
      </span>
      <time className="text-mute">{dateOf(at, zone)}</time>
      {detail !== '' && <span className="col-start-2 col-end-4 line-clamp-2 text-mute">{detail}</span>}
    </li>
  )
}
