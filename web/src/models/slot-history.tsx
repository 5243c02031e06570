// The chained history of the slot, newest first: every handover, refusal and block, with who did it and why.

import { useQuery } from '@tanstack/react-query'
import type { SlotEventView } from '../../../src/api/schemas/releases.ts'
import { timelineQuery } from '../api/queries.ts'
import { short } from '../base/format.ts'
import { dateOf, type ZoneChoice } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { setQuery } from '../frame/use-route.ts'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Panel } from '../kit/panel.tsx'
import { Ask, Empty } from '../kit/states.tsx'
import { Tag, type Tone } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'

export const TONE: Readonly<Record<SlotEventView['event'], Tone>> = {
  activated: 'good',
  rolledBack: 'warn',
  recovered: 'steel',
  restarted: 'plain',
  refused: 'warn',
  healthy: 'good',
  blocked: 'bad',
  unblocked: 'plain',
  pinned: 'steel',
  unpinned: 'plain',
  waiting: 'steel',
  resumed: 'plain',
}

const SHOWN = 200

const columnsOf = (zone: ZoneChoice): readonly Column<SlotEventView>[] => [
  {
    id: 'at',
    header: text('chart.time'),
    cell: ({ at }) => <time className="whitespace-nowrap">{dateOf(at, zone)}</time>,
  },
  {
    id: 'event',
    header: text('history.event'),
    cell: ({ event }) => <Tag tone={TONE[event]}>{text(`history.${event}`)}</Tag>,
  },
  {
    id: 'what',
    header: text('history.what'),
    cell: ({ toLabel, to, cause }) => (
      <>
        <span className="font-medium">{toLabel ?? (to === null ? text('baseline') : short(to))}</span>
        <span className="block text-mute">{cause}</span>
      </>
    ),
  },
]

/** @param props.until ms UTC of the run's clock; null: all */
export function SlotHistory({ until }: { readonly until: number | null }) {
  const { zone } = usePreferences()
  const asked = useQuery(timelineQuery())
  const verified = asked.data?.verified
  return (
    <Panel
      title={text('history.title')}
      flush
      note={
        verified === undefined ? undefined : (
          <Tag tone={verified ? 'good' : 'bad'}>{text(verified ? 'travel.verified' : 'travel.broken')}</Tag>
        )
      }
    >
      <Ask query={asked} what={text('history.title')}>
        {({ items }) => {
          const shown = items
            .filter(({ at }) => until === null || at <= until)
            .sort((a, b) => b.seq - a.seq)
            .slice(0, SHOWN)
          if (shown.length === 0) {
            return (
              <div className="p-3">
                <Empty title={text('history.none')} />
              </div>
            )
          }
          return (
            <DataTable
              label={text('history.title')}
              columns={columnsOf(zone)}
              rows={shown}
              keyOf={({ seq }) => seq}
              onOpen={({ to }) => {
                if (to !== null) setQuery({ release: to })
              }}
              className="max-h-[26rem]"
            />
          )
        }}
      </Ask>
    </Panel>
  )
}
