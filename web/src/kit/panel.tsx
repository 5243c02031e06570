// A named part of a page. Its heading says what it is; hypothetical figures in it carry their mark there.

import type { ReactNode } from 'react'
import { Hypothetical } from './hypothetical.tsx'

type PanelProps = {
  readonly title: string
  readonly hypothetical?: boolean
  readonly actions?: ReactNode
  readonly note?: ReactNode
  readonly className?: string
  /** Content that reaches the border, such as tables and charts. */
  readonly flush?: boolean
  /** The content scrolls inside; the panel needs a height. */
  readonly scroll?: boolean
  readonly children: ReactNode
}

export function Panel({
  title,
  hypothetical = false,
  actions,
  note,
  className = '',
  flush = false,
  scroll = false,
  children,
}: PanelProps) {
  return (
    <section aria-label={title} className={`flex min-w-0 flex-col rounded-md border border-line bg-panel ${className}`}>
      <header className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-1.5">
        <h2 className="font-semibold text-sm">{title}</h2>
        {hypothetical && <Hypothetical />}
        {note !== undefined && <span className="text-mute text-xs">{note}</span>}
        {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-1.5">{actions}</div>}
      </header>
      <div className={`min-h-0 grow ${flush ? '' : 'p-3'} ${scroll ? 'overflow-y-auto' : ''}`}>{children}</div>
    </section>
  )
}
