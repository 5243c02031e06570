// The kill switch: held for a second, or Shift+K, then one confirmation with a reason. It works without the stream: it only posts.

import { useEffect, useRef, useState } from 'react'
import { after } from '../browser/clock.ts'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { useAct } from './announcer.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import { ResumeDialog } from './resume-dialog.tsx'

const HOLD_MS = 1000

type KillSwitchProps = { readonly asked: boolean; readonly onAsk: () => void; readonly onClose: () => void }

export function KillSwitch({ asked, onAsk, onClose }: KillSwitchProps) {
  const act = useAct()
  const halted = useLive(({ picture }) => picture?.status.mode === 'HALTED')
  const lost = useLive(({ link }) => link !== 'live')
  const [resuming, setResuming] = useState(false)
  return (
    <>
      {halted && (
        <Button disabled={lost} onClick={() => setResuming(true)}>
          <Icon name="play" size={14} />
          <span className="max-sm:sr-only">{text('resume.button')}</span>
        </Button>
      )}
      <HoldButton onHeld={onAsk} />
      {asked && (
        <ReasonDialog
          title={text('kill.title')}
          reason={text('kill.reason')}
          confirm={text('kill.confirm')}
          onClose={onClose}
          onConfirm={reason => act('/api/kill', { reason })}
        >
          <p className="text-sm">{text('kill.what')}</p>
          {lost && <p className="text-loss text-sm">{text('kill.lost')}</p>}
        </ReasonDialog>
      )}
      {resuming && (
        <ResumeDialog
          title={text('resume.title')}
          confirm={text('resume.confirm')}
          disabled={lost}
          onClose={() => setResuming(false)}
        />
      )}
    </>
  )
}

function HoldButton({ onHeld }: { readonly onHeld: () => void }) {
  const [holding, setHolding] = useState(false)
  const stop = useRef<() => void>(undefined)
  const release = (): void => {
    stop.current?.()
    setHolding(false)
  }
  const press = (): void => {
    if (holding) return
    setHolding(true)
    stop.current = after(HOLD_MS, () => {
      setHolding(false)
      onHeld()
    })
  }
  useEffect(() => () => stop.current?.(), [])
  return (
    <Button
      kind="danger"
      aria-label={text('kill.button')}
      title={text('kill.hold')}
      className="relative touch-none select-none overflow-hidden font-bold"
      onPointerDown={press}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={event => event.preventDefault()}
      onKeyDown={event => {
        if (event.key === 'Enter' || event.key === ' ') press()
      }}
      onKeyUp={release}
      onBlur={release}
    >
      {holding && <span aria-hidden="true" className="filling absolute inset-0 bg-white/35" />}
      <Icon name="stop" size={14} filled />
      <span className="relative">{text('kill.short')}</span>
    </Button>
  )
}
