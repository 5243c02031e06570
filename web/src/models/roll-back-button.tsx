// Takes the release in charge back, or brings an earlier one back: what would change is shown first, and a reason is asked for.

import { useState } from 'react'
import type { ReleaseDetail, ReleaseView } from '../../../src/api/schemas/releases.ts'
import { useAct } from '../frame/announcer.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

type RollBackButtonProps = { readonly release: ReleaseDetail; readonly releases: readonly ReleaseView[] }

export function RollBackButton({ release, releases }: RollBackButtonProps) {
  const act = useAct()
  const lost = useLive(({ link }) => link !== 'live')
  const running = useLive(({ picture }) => picture?.status.run?.state === 'running' && picture.live !== null)
  const inCharge = useLive(({ picture }) => picture?.status.slots[0]?.label ?? null)
  const [open, setOpen] = useState(false)
  const active = releases.find(({ state }) => state === 'active')
  const isActive = active?.digest === release.digest
  const wasInCharge = release.tenures.length > 0
  if (active === undefined || (!isActive && !wasInCharge)) return null
  const previous = releases.find(({ state }) => state === 'previous')
  const target = isActive ? (previous?.label ?? text('baseline')) : release.label
  // The list is a moment behind the loop: what is confirmed is what was shown, or nothing.
  const changed = inCharge !== active.label
  return (
    <>
      <Button
        disabled={lost || !running}
        title={running ? undefined : text('rollback.notRunning')}
        onClick={() => setOpen(true)}
      >
        <Icon name="back" size={13} />
        {text(isActive ? 'rollback.take' : 'rollback.bring')}
      </Button>
      {open && (
        <ReasonDialog
          title={text('rollback.title')}
          reason={
            isActive
              ? text('rollback.reason.take', { label: release.label })
              : text('rollback.reason.bring', { label: release.label })
          }
          confirm={text('rollback.confirm')}
          disabled={lost || changed}
          onClose={() => setOpen(false)}
          onConfirm={reason => act('/api/releases/rollback', isActive ? { reason } : { reason, to: release.digest })}
        >
          <dl className="grid grid-cols-[1fr_auto_1fr] items-center gap-3 rounded-sm bg-sunk p-3 text-center">
            <div>
              <dt className="text-mute text-xs">{text('rollback.from')}</dt>
              <dd className="font-semibold text-sm">{active.label}</dd>
            </div>
            <div aria-hidden="true">
              <Icon name="arrow" />
            </div>
            <div>
              <dt className="text-mute text-xs">{text('rollback.to')}</dt>
              <dd className="font-semibold text-sm">{target}</dd>
            </div>
          </dl>
          <p className="text-soft text-xs">{text('rollback.what')}</p>
          {changed && (
            <p className="text-loss text-sm">{text('rollback.changed', { label: inCharge ?? text('baseline') })}</p>
          )}
        </ReasonDialog>
      )}
    </>
  )
}
