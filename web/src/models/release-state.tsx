// What became of a release, as a tag.

import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { Tag, type Tone } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'

export type ReleaseState = ReleaseView['state']

const TONE: Readonly<Record<ReleaseState, Tone>> = {
  active: 'good',
  previous: 'steel',
  retired: 'plain',
  installed: 'plain',
  waiting: 'steel',
  refused: 'warn',
  quarantined: 'bad',
}

export function ReleaseTag({ state, blocked = false }: { readonly state: ReleaseState; readonly blocked?: boolean }) {
  return (
    <span className="inline-flex gap-1">
      <Tag tone={TONE[state]}>{text(`state.${state}`)}</Tag>
      {blocked && state !== 'refused' && state !== 'quarantined' && <Tag tone="bad">{text('state.blocked')}</Tag>}
    </span>
  )
}
