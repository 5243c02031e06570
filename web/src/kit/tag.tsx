// A short state in words, with a sign beside its colour.

import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'brass' | 'steel'

const LOOK: Readonly<Record<Tone, string>> = {
  plain: 'bg-sunk text-soft',
  good: 'bg-gain-wash text-gain',
  bad: 'bg-loss-wash text-loss',
  warn: 'bg-brass-wash text-warn',
  brass: 'bg-brass-wash text-brass',
  steel: 'bg-steel-wash text-steel',
}

const SIGN: Readonly<Partial<Record<Tone, IconName>>> = { good: 'check', bad: 'cross', warn: 'warn' }

export function Tag({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  const sign = SIGN[tone]
  return (
    <span
      className={`inline-flex items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-2xs ${LOOK[tone]}`}
    >
      {sign !== undefined && <Icon name={sign} size={11} />}
      {children}
    </span>
  )
}
