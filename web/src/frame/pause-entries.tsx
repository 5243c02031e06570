// Pauses entries with a reason, and lets them go on: what is open is managed all the while. Where nothing is traded it is not there.

import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { useAct } from './announcer.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import { ResumeDialog } from './resume-dialog.tsx'

export function PauseEntries() {
  const act = useAct()
  const live = useLive(({ picture }) => picture?.live ?? null)
  const lost = useLive(({ link }) => link !== 'live')
  const running = useLive(({ picture }) => picture?.status.run?.state === 'running')
  const [open, setOpen] = useState(false)
  // A loop by the clock trains and installs; it enters nothing.
  if (live === null || live.nextTrainingAt !== undefined) return null
  const paused = live.entriesPaused !== undefined
  return (
    <>
      <Button disabled={lost || !running} on={paused} title={text('entries.why')} onClick={() => setOpen(true)}>
        <Icon name="hand" size={14} />
        <span className="max-xl:sr-only">{text(paused ? 'entries.resume' : 'entries.pause')}</span>
      </Button>
      {open && paused && (
        <ResumeDialog
          title={text('entries.resume')}
          confirm={text('entries.resume')}
          disabled={lost}
          onClose={() => setOpen(false)}
        />
      )}
      {open && !paused && (
        <ReasonDialog
          title={text('entries.pause')}
          reason=""
          confirm={text('entries.pause')}
          danger={false}
          disabled={lost}
          onClose={() => setOpen(false)}
          onConfirm={reason => act('/api/trading/pause', { reason })}
        >
          <p className="text-sm">{text('entries.pause.what')}</p>
        </ReasonDialog>
      )}
    </>
  )
}
