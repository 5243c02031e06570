// The life of one release as a line of steps.

import { useQuery } from '@tanstack/react-query'
import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { timelineQuery } from '../api/queries.ts'
import { instant } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Tag, type Tone } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'
import { type LifeEvent, lifeOf } from './release-life.ts'
import { TONE } from './slot-history.tsx'

const toneOf = (what: LifeEvent['what']): Tone =>
  what === 'trained' || what === 'gated' ? 'plain' : what === 'kept' ? 'good' : TONE[what]

export function LifeLine({ release }: { readonly release: ReleaseDetail }) {
  const { zone } = usePreferences()
  const { data } = useQuery(timelineQuery())
  const life = lifeOf(release, data?.items ?? [])
  return (
    <ol aria-label={text('life.label')} className="flex flex-wrap gap-x-1.5 gap-y-1 px-3 pb-1.5 text-2xs">
      {life.map(({ at, what }, i) => (
        <li key={`${at} ${what}`} className="flex items-center gap-1.5">
          {i > 0 && <span aria-hidden="true" className="h-px w-3 bg-strong-line" />}
          <Tag tone={toneOf(what)}>
            {what === 'trained' || what === 'gated' || what === 'kept' ? text(`life.${what}`) : text(`history.${what}`)}
          </Tag>
          <time className="text-mute">{instant(at, zone)}</time>
        </li>
      ))}
    </ol>
  )
}
