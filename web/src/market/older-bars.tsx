// The bars up to a day, for those that are older than what the page keeps: everything below sees them instead of now.

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { barsQuery } from '../api/queries.ts'
import { setQuery } from '../frame/use-route.ts'
import { Button } from '../kit/button.tsx'
import { Ask, Empty } from '../kit/states.tsx'
import { Frozen } from '../live/live-provider.tsx'
import { LIMITS } from '../live/picture.ts'
import { undecided } from '../live/snapshot.ts'
import { text } from '../texts/text.ts'

const DAY_MS = 86_400_000

/** The end of the day that the address names; undefined: now. */
export function untilOf(day: string | undefined): number | undefined {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day ?? '') ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(start) ? undefined : start + DAY_MS - 1
}

type OlderBarsProps = { readonly run: string; readonly until: number; readonly children: ReactNode }

export function OlderBars({ run, until, children }: OlderBarsProps) {
  const asked = useQuery(barsQuery(run, until, LIMITS.bars))
  const known = useMemo(() => asked.data?.map(undecided), [asked.data])
  return (
    <Ask query={asked} what={text('past.what')}>
      {() =>
        known === undefined || known.length === 0 ? (
          <div className="p-3">
            <Empty title={text('past.none')}>{text('past.none.why')}</Empty>
          </div>
        ) : (
          <Frozen bars={known}>{children}</Frozen>
        )
      }
    </Ask>
  )
}

export function UntilField({ day }: { readonly day: string | undefined }) {
  return (
    <div className="flex items-center gap-1.5">
      <label className="flex items-center gap-1.5 text-mute text-xs">
        {text('past.until')}
        <input
          type="date"
          value={day ?? ''}
          onChange={event => setQuery({ until: event.currentTarget.value === '' ? null : event.currentTarget.value })}
          // The button inside it takes the focus too.
          className="min-h-7 rounded-sm border border-strong-line bg-panel px-1.5 text-ink text-xs focus-within:outline-2 focus-within:outline-focus"
        />
      </label>
      {day !== undefined && (
        <Button kind="bare" onClick={() => setQuery({ until: null })}>
          {text('past.now')}
        </Button>
      )}
    </div>
  )
}
