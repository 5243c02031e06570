// Starts a training though none is due, or stops the one that runs: each with a reason that stays in the history.

import { useState } from 'react'
import { useAct } from '../frame/announcer.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { Button } from '../kit/button.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

export function TrainingActs() {
  const act = useAct()
  const live = useLive(({ picture }) => picture?.live ?? null)
  const lost = useLive(({ link }) => link !== 'live')
  const running = useLive(({ picture }) => picture?.status.run?.state === 'running')
  const [open, setOpen] = useState<'start' | 'stop' | null>(null)
  if (live === null || !running) return null
  const shown = live.training === null ? 'start' : 'stop'
  return (
    <>
      {live.trainingAsked !== undefined && (
        <span className="text-mute text-xs">{text('training.asked', { reason: live.trainingAsked })}</span>
      )}
      <Button disabled={lost || (shown === 'start' && live.trainingAsked !== undefined)} onClick={() => setOpen(shown)}>
        {text(`training.${shown}`)}
      </Button>
      {open !== null && (
        <ReasonDialog
          title={text(`training.${open}`)}
          reason=""
          confirm={text(`training.${open}`)}
          danger={open === 'stop'}
          disabled={lost}
          onClose={() => setOpen(null)}
          onConfirm={reason => act(`/api/trainings/${open}`, { reason })}
        >
          <p className="text-sm">{text(`training.${open}.what`)}</p>
        </ReasonDialog>
      )}
    </>
  )
}
