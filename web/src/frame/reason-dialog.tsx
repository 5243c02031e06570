// Asks for a reason before something is stopped or taken back, and says first what will happen.

import { type ReactNode, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { text } from '../texts/text.ts'

type ReasonDialogProps = {
  readonly title: string
  readonly reason: string
  readonly confirm: string
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly onConfirm: (reason: string) => Promise<boolean>
  readonly onClose: () => void
  readonly children: ReactNode
}

const SHORTEST = 3

export function ReasonDialog(props: ReasonDialogProps) {
  const { title, confirm, danger = true, disabled = false, onConfirm, onClose, children } = props
  const [reason, setReason] = useState(props.reason)
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    setBusy(true)
    const done = await onConfirm(reason.trim())
    setBusy(false)
    if (done) onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={event => {
          event.preventDefault()
          void send()
        }}
      >
        {children}
        <label className="flex flex-col gap-1 text-mute text-xs">
          {text('reason.label')}
          <textarea
            rows={2}
            required
            minLength={SHORTEST}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
            className="rounded-sm border border-strong-line bg-raised px-2 py-1 text-ink text-sm"
          />
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text('dialog.cancel')}</Button>
          <Button
            type="submit"
            kind={danger ? 'danger' : 'strong'}
            data-first
            disabled={busy || disabled || reason.trim().length < SHORTEST}
          >
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
