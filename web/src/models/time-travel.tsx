// A handle over the run's time: move it, and the page shows what was in charge then.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { inChargeQuery } from '../api/queries.ts'
import { dateOf, instant } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { setQuery } from '../frame/use-route.ts'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { Panel } from '../kit/panel.tsx'
import { Tag } from '../kit/tag.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { TenureLane } from './tenure-lane.tsx'

type TimeTravelProps = {
  readonly run: string
  readonly releases: readonly ReleaseView[]
  /** Null is now. */
  readonly past: number | null
}

export function TimeTravel({ releases, past }: TimeTravelProps) {
  const { zone } = usePreferences()
  const clock = useLive(({ picture }) => picture?.status.run?.clock ?? null)
  const start = useLive(({ picture }) => picture?.account[0]?.at ?? null)
  const barMs = useLive(({ picture }) => picture?.status.run?.barMs ?? 1)
  if (clock === null || start === null || start >= clock) return null
  const at = Math.min(past ?? clock, clock)
  const move = (to: number): void => setQuery({ at: to >= clock - barMs ? null : String(Math.round(to)) })
  return (
    <Panel
      title={text('travel.title')}
      note={past === null ? text('travel.now') : undefined}
      flush
      className={past === null ? '' : 'border-brass bg-brass-wash'}
      actions={
        past !== null && (
          <Button kind="strong" onClick={() => setQuery({ at: null })}>
            {text('travel.back')}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-2 p-3">
        <TenureLane releases={releases} start={start} end={clock} at={past} />
        <input
          type="range"
          aria-label={text('travel.handle')}
          aria-valuetext={instant(at, zone)}
          min={start}
          max={clock}
          step={barMs}
          value={at}
          onChange={event => move(event.currentTarget.valueAsNumber)}
          className="w-full accent-brass"
        />
        <div className="flex justify-between text-2xs text-mute">
          <span>{dateOf(start, zone)}</span>
          <span>{dateOf(clock, zone)}</span>
        </div>
        <Then at={at} past={past !== null} />
      </div>
    </Panel>
  )
}

function Then({ at, past }: { readonly at: number; readonly past: boolean }) {
  const { zone } = usePreferences()
  const asked = useQuery({ ...inChargeQuery(useDeferredValue(at)), placeholderData: keepPreviousData, enabled: past })
  const now = useLive(({ picture }) => picture?.status.slots[0] ?? null)
  const slot = past ? asked.data?.slots[0] : now
  if (slot === undefined || slot === null) return null
  return (
    <p aria-live="polite" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      {past && (
        <Tag tone="brass">
          <Icon name="back" size={11} /> {text('travel.past', { at: instant(at, zone) })}
        </Tag>
      )}
      <span>
        {text(past ? 'travel.wasInCharge' : 'travel.isInCharge')} <strong>{slot.label ?? text('baseline')}</strong>
      </span>
      {slot.since !== null && (
        <span className="text-mute">{text('travel.since', { since: instant(slot.since, zone) })}</span>
      )}
      {past && asked.data !== undefined && (
        <Tag tone={asked.data.verified ? 'good' : 'bad'}>
          {text(asked.data.verified ? 'travel.verified' : 'travel.broken')}
        </Tag>
      )}
    </p>
  )
}
