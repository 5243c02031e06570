// Resuming in two steps: what would end is read from the server and shown, and only that is ended.

import { useQuery } from '@tanstack/react-query'
import { resumeQuery } from '../api/queries.ts'
import { Ask } from '../kit/states.tsx'
import { text } from '../texts/text.ts'
import { useAct } from './announcer.tsx'
import { ReasonDialog } from './reason-dialog.tsx'

type ResumeDialogProps = {
  readonly title: string
  readonly confirm: string
  readonly disabled: boolean
  readonly onClose: () => void
}

export function ResumeDialog({ title, confirm, disabled, onClose }: ResumeDialogProps) {
  const act = useAct()
  const asked = useQuery(resumeQuery())
  const previewId = asked.data?.previewId
  const resume = async (reason: string): Promise<boolean> => {
    const done = await act('/api/trading/resume', { reason, previewId })
    // What was shown may be over: it is read again before the next try.
    if (!done) await asked.refetch()
    return done
  }
  return (
    <ReasonDialog
      title={title}
      reason=""
      confirm={confirm}
      danger={false}
      disabled={disabled || previewId === undefined}
      onClose={onClose}
      onConfirm={resume}
    >
      <p className="text-sm">{text('resume.what')}</p>
      <Ask query={asked} what={title}>
        {({ ends }) => (
          <ul className="list-disc pl-5 text-sm">
            {ends.map(one => (
              <li key={one}>{one}</li>
            ))}
            {ends.length === 0 && <li>{text('resume.nothing')}</li>}
          </ul>
        )}
      </Ask>
    </ReasonDialog>
  )
}
