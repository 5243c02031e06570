// What is at stake, in words, colour and shape: a sheet for paper, an octagon for halted.

import type { Status } from '../../../src/api/schemas/status.ts'
import { Icon, type IconName } from '../kit/icon.tsx'
import { text } from '../texts/text.ts'

const LOOK: Readonly<Record<Status['mode'], { readonly icon: IconName; readonly className: string }>> = {
  PAPER: { icon: 'paper', className: 'border-steel text-steel bg-steel-wash' },
  LIVE: { icon: 'arrow', className: 'border-warn text-warn bg-brass-wash' },
  HALTED: { icon: 'stop', className: 'border-halt-fill bg-halt-fill text-white' },
}

export function ModeBadge({ mode }: { readonly mode: Status['mode'] }) {
  const { icon, className } = LOOK[mode]
  return (
    <strong
      title={text(`mode.${mode}`)}
      className={`inline-flex h-7 items-center gap-1.5 rounded-sm border px-2 font-bold text-xs tracking-wider ${className}`}
    >
      <Icon name={icon} size={14} filled={mode === 'HALTED'} />
      {mode}
    </strong>
  )
}
