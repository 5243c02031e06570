// Who was in charge when, on one lane, with what was refused above it.

import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { dateOf } from '../base/time.ts'
import { lookOf } from '../charts/version-bands.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { AsTable } from '../kit/as-table.tsx'
import { text } from '../texts/text.ts'

type TenureLaneProps = {
  readonly releases: readonly ReleaseView[]
  readonly start: number
  readonly end: number
  /** Null is now. */
  readonly at: number | null
}

const HATCHES = [undefined, 45, -45] as const

export function TenureLane({ releases, start, end, at }: TenureLaneProps) {
  const { zone } = usePreferences()
  const share = (time: number): number => Math.min(100, Math.max(0, ((time - start) / (end - start)) * 100))
  const versions = new Map(releases.map(({ releaseId, version }) => [releaseId, version] as const))
  const tenures = releases
    .flatMap(({ releaseId, label, version, tenures: times }) =>
      times.map(time => ({ releaseId, label, version, ...time })),
    )
    .sort((a, b) => a.from - b.from)
  const refused = releases.filter(({ state }) => state === 'refused')
  return (
    <figure aria-label={text('lane.label')}>
      <div aria-hidden="true" className="relative h-4">
        {refused.map(({ digest, firstSeen }) => (
          <span
            key={digest}
            className="-translate-x-1/2 absolute bottom-0 text-2xs text-warn"
            style={{ left: `${share(firstSeen)}%` }}
          >
            ×
          </span>
        ))}
      </div>
      <div aria-hidden="true" className="relative h-7 overflow-hidden rounded-sm bg-sunk">
        {tenures.map(({ releaseId, version, from, to }) => {
          const look = lookOf(versions, releaseId)
          const color = `var(--color-band-${look?.color ?? 1})`
          const angle = HATCHES[look?.hatch ?? 0]
          const left = share(from)
          return (
            <span
              key={`${releaseId} ${from}`}
              className="absolute inset-y-0 overflow-hidden border-panel border-r text-2xs"
              style={{
                left: `${left}%`,
                width: `${share(to ?? end) - left}%`,
                background: `color-mix(in srgb, ${color} 30%, var(--color-panel))`,
                borderTop: `4px solid ${color}`,
                ...(angle === undefined
                  ? {}
                  : {
                      backgroundImage: `repeating-linear-gradient(${angle}deg, transparent 0 6px, color-mix(in srgb, ${color} 45%, transparent) 6px 7px)`,
                    }),
              }}
            >
              <span className="px-1 leading-5">{text('band.version', { version })}</span>
            </span>
          )
        })}
        {at !== null && <span className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${share(at)}%` }} />}
      </div>
      <figcaption className="flex flex-wrap gap-x-4 pt-1 text-2xs text-mute">
        <span>{text('lane.key')}</span>
      </figcaption>
      <AsTable
        label={text('lane.label')}
        headers={[text('word.release'), text('lane.from'), text('lane.to')]}
        rows={() =>
          tenures.map(({ label, from, to }) => [
            label,
            dateOf(from, zone),
            to === null ? text('lane.open') : dateOf(to, zone),
          ])
        }
      />
    </figure>
  )
}
