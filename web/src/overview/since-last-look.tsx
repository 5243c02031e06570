// What changed since you last looked: remembered in this browser when the page is left.

import { useEffect, useState } from 'react'
import { signedMoney, whole } from '../base/format.ts'
import { span } from '../base/time.ts'
import { now } from '../browser/clock.ts'
import { readSaved, writeSaved } from '../browser/saved.ts'
import { Button } from '../kit/button.tsx'
import { Hypothetical } from '../kit/hypothetical.tsx'
import { Icon } from '../kit/icon.tsx'
import { useLive, useLiveStore } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { type Change, changeSince, lookAt, parseLook } from './last-look.ts'

const KEY = 'lastLook'
/** A shorter absence needs no summary. */
const AWAY_MS = 60_000

export function SinceLastLook() {
  const store = useLiveStore()
  const ready = useLive(({ picture }) => picture !== null)
  const [change, setChange] = useState<Change | null>(null)
  useEffect(() => {
    if (!ready) return undefined
    const remember = (): void => {
      const { picture } = store.get()
      const look = picture === null ? null : lookAt(picture.status, now())
      if (look !== null) writeSaved(KEY, JSON.stringify(look))
    }
    const compare = (): void => {
      const look = parseLook(readSaved(KEY))
      const status = store.get().picture?.status
      if (look !== null && status !== undefined && now() - look.at > AWAY_MS) setChange(changeSince(look, status))
    }
    const turn = (): void => (document.hidden ? remember() : compare())
    compare()
    document.addEventListener('visibilitychange', turn)
    window.addEventListener('pagehide', remember)
    return () => {
      remember()
      document.removeEventListener('visibilitychange', turn)
      window.removeEventListener('pagehide', remember)
    }
  }, [ready, store])
  if (change === null) return null
  const { counts } = change
  return (
    <aside
      aria-label={text('since.label')}
      className="flex items-center gap-3 rounded-md border border-steel bg-steel-wash px-3 py-1.5 text-sm"
    >
      <p className="min-w-0 grow">
        <strong>{text('since.title', { age: span(now() - change.at) })}</strong>{' '}
        {text('since.counts', {
          bars: whole(change.bars),
          trainings: counts.trainings,
          installed: counts.installed,
          refused: counts.refused,
          trades: counts.trades,
        })}{' '}
        {change.equity !== null && (
          <>
            {text('since.equity', { equity: signedMoney(change.equity) })} <Hypothetical />{' '}
          </>
        )}
        {change.handover !== null &&
          text('since.handover', {
            from: change.handover.from ?? text('baseline'),
            to: change.handover.to ?? text('baseline'),
          })}
      </p>
      <Button kind="bare" aria-label={text('since.close')} onClick={() => setChange(null)}>
        <Icon name="close" size={14} />
      </Button>
    </aside>
  )
}
