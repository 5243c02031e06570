// A person's hand on the release that is shown: promote, roll back, pin, block, each with what would happen and a reason.

import { useState } from 'react'
import type { ReleaseDetail, ReleaseView } from '../../../src/api/schemas/releases.ts'
import { useAct } from '../frame/announcer.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { type ReleaseAct, releaseActs } from './release-acts.ts'
import { RollBackButton } from './roll-back-button.tsx'

type ReleaseActionsProps = { readonly release: ReleaseDetail; readonly releases: readonly ReleaseView[] }

export function ReleaseActions({ release, releases }: ReleaseActionsProps) {
  const act = useAct()
  const lost = useLive(({ link }) => link !== 'live')
  const running = useLive(({ picture }) => picture?.status.run?.state === 'running' && picture.live !== null)
  const inCharge = useLive(({ picture }) => picture?.status.slots[0]?.digest ?? null)
  const charge = useLive(({ picture }) => picture?.status.slots[0]?.label ?? null)
  const pin = useLive(({ picture }) => picture?.status.slots[0]?.pin ?? null)
  const [open, setOpen] = useState<ReleaseAct | null>(null)
  const [aside, setAside] = useState(false)
  const acts = releaseActs(release, { inCharge, pinned: pin !== null })
  const vetoed = open === 'promote' && release.decidedBy === 'G7'
  const send = (reason: string): Promise<boolean> => {
    const path = `/api/releases/${release.digest}`
    return vetoed && aside
      ? act(`${path}/override`, { reason, gates: ['G7'] })
      : act(`${path}/${open ?? ''}`, { reason })
  }
  return (
    <>
      {acts.map(name => (
        <Button
          key={name}
          disabled={lost || !running}
          title={running ? undefined : text('rollback.notRunning')}
          onClick={() => setOpen(name)}
        >
          <Icon name={ICONS[name]} size={13} />
          {text(`act.${name}`)}
        </Button>
      ))}
      <RollBackButton release={release} releases={releases} />
      {open !== null && (
        <ReasonDialog
          title={text(`act.${open}.title`, { label: release.label })}
          reason=""
          confirm={text(`act.${open}.confirm`)}
          danger={open === 'block'}
          disabled={lost || (open === 'promote' && pin !== null)}
          onClose={() => setOpen(null)}
          onConfirm={send}
        >
          <p className="text-sm">
            {text(`act.${open}.what`, { label: release.label, charge: charge ?? text('baseline') })}
          </p>
          {open === 'promote' && pin !== null && <p className="text-loss text-sm">{text('act.promote.pinned')}</p>}
          {vetoed && (
            <label className="flex items-start gap-2 text-sm">
              <input
                type="checkbox"
                className="mt-0.5 size-4 accent-brass"
                checked={aside}
                onChange={event => setAside(event.currentTarget.checked)}
              />
              {text('act.promote.aside')}
            </label>
          )}
        </ReasonDialog>
      )}
    </>
  )
}

const ICONS = { promote: 'arrow', pin: 'pin', unpin: 'pin', block: 'cross', unblock: 'check' } as const
