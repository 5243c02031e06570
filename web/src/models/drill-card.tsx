// When all faults were rehearsed last, when everything that is kept was looked at, and what both found.

import { useQuery } from '@tanstack/react-query'
import { drillsQuery } from '../api/queries.ts'
import { percent, whole } from '../base/format.ts'
import { instant, span } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Figure } from '../kit/figure.tsx'
import { Panel } from '../kit/panel.tsx'
import { Ask } from '../kit/states.tsx'
import { text } from '../texts/text.ts'

export function DrillCard() {
  const { zone } = usePreferences()
  const asked = useQuery(drillsQuery())
  return (
    <Panel title={text('drills.title')}>
      <Ask query={asked} what={text('drills.title')}>
        {({ drills, scrub }) => (
          <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
            <Figure
              size="small"
              term="drill"
              label={text('drills.score')}
              value={drills === null || drills.score === null ? 'N/A' : percent(drills.score, 0)}
              tone={drills === null || drills.missed.length === 0 ? 'plain' : 'loss'}
              sub={
                drills === null
                  ? text('drills.never')
                  : text('drills.age', { age: span(drills.ageMs), at: instant(drills.at, zone) })
              }
            />
            <Figure
              term="drill"
              size="small"
              label={text('drills.passed')}
              value={drills === null ? 'N/A' : whole(drills.passed)}
              sub={
                drills === null
                  ? undefined
                  : text('drills.others', { missed: drills.missed.join(', ') || '0', skipped: drills.skipped.length })
              }
            />
            <Figure
              term="timeToSafe"
              size="small"
              label={text('drills.slowest')}
              value={drills === null ? 'N/A' : span(drills.slowestSafeMs)}
              sub={text('drills.slowest.sub')}
            />
            <Figure
              term="scrub"
              size="small"
              label={text('drills.scrub')}
              value={scrub === null ? 'N/A' : text('drills.damages', { count: scrub.damages })}
              tone={scrub !== null && scrub.damages > 0 ? 'loss' : 'plain'}
              sub={
                scrub === null
                  ? text('drills.never')
                  : text('drills.age', { age: span(scrub.ageMs), at: instant(scrub.at, zone) })
              }
            />
          </dl>
        )}
      </Ask>
    </Panel>
  )
}
