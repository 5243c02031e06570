// What a person has set that changes how the loop behaves, on every page for as long as it is in force: a pause of entries, a pin, releases
// that wait, limits that were loosened.

import { hrefOf } from '../base/route.ts'
import { instant } from '../base/time.ts'
import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { usePreferences } from './preferences.tsx'

/** Keys of the signature policy: what lowers it lets more people make a release. */
export const LOWERED = 'release.verify.'

export function ByHand() {
  const { zone } = usePreferences()
  const paused = useLive(({ picture }) => picture?.live?.entriesPaused ?? null)
  const pin = useLive(({ picture }) => picture?.status.slots[0]?.pin ?? null)
  const auto = useLive(({ picture }) => picture?.status.autoPromote ?? true)
  const loosened = useLive(({ picture }) => picture?.status.loosened ?? null)
  const loose = loosened ?? []
  if (paused === null && pin === null && auto && loose.length === 0) return null
  return (
    <aside
      aria-label={text('hand.label')}
      className="flex flex-wrap gap-x-6 gap-y-0.5 border-line border-b bg-panel px-4 py-1 text-xs"
    >
      {paused !== null && <Line>{text('hand.paused', { reason: paused })}</Line>}
      {pin !== null && (
        <Line>
          <a className="underline" href={hrefOf({ page: 'models', query: { release: pin.digest } })}>
            {text('hand.pinned', { label: pin.label ?? '', since: instant(pin.at, zone), reason: pin.reason })}
          </a>
          {pin.old && <strong> {text('hand.pin.old')}</strong>}
        </Line>
      )}
      {!auto && <Line>{text('hand.waits')}</Line>}
      {loose.map(({ key, value, standard }) => (
        <Line key={key} bad={key.startsWith(LOWERED)}>
          {text('hand.loose', { key, value: String(value), standard: String(standard) })}
        </Line>
      ))}
    </aside>
  )
}

function Line({ bad = false, children }: { readonly bad?: boolean; readonly children: React.ReactNode }) {
  return (
    <p className={`flex min-w-0 items-baseline gap-1.5 ${bad ? 'font-semibold text-loss' : 'text-ink'}`}>
      <span className={`translate-y-0.5 ${bad ? '' : 'text-warn'}`}>
        <Icon name={bad ? 'warn' : 'hand'} size={13} />
      </span>
      <span className="min-w-0">{children}</span>
    </p>
  )
}
