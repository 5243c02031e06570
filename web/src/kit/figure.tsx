// One figure with its name, and in small what makes it mean something: unit, comparison, count.

import type { ReactNode } from 'react'
import { Term } from './term.tsx'
import type { TermName } from './terms.ts'

type FigureProps = {
  readonly label: string
  readonly value: ReactNode
  readonly sub?: ReactNode
  /** Glossary entry of the label: what the figure is. */
  readonly term: TermName
  readonly tone?: 'plain' | 'gain' | 'loss'
  /** `words` for what is no figure and may be long. */
  readonly size?: 'large' | 'words' | 'small'
}

const SIZE = { large: 'truncate text-lg', words: 'break-words text-base', small: 'truncate text-sm' } as const

const TONE = { plain: '', gain: 'text-gain', loss: 'text-loss' } as const

export function Figure({ label, value, sub, term, tone = 'plain', size = 'large' }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="truncate text-mute text-xs">
        <Term name={term}>{label}</Term>
      </dt>
      <dd className="min-w-0">
        <span className={`block font-semibold ${SIZE[size]} ${TONE[tone]}`}>{value}</span>
        {sub !== undefined && <span className="block text-mute text-xs">{sub}</span>}
      </dd>
    </div>
  )
}
