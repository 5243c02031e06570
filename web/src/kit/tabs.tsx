// A few views of one panel; arrows move between them as the pattern for tabs asks.

import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

export type Tab<T extends string> = { readonly id: T; readonly label: ReactNode }

type TabsProps<T extends string> = {
  readonly label: string
  readonly tabs: readonly Tab<T>[]
  readonly open: T
  readonly onOpen: (id: T) => void
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Tabs<T extends string>({ label, tabs, open, onOpen, actions, children }: TabsProps<T>) {
  const base = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    const at = tabs.findIndex(({ id }) => id === open)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (next === undefined) return
    onOpen(next.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3">
        <div ref={list} role="tablist" aria-label={label} className="flex flex-wrap">
          {tabs.map(({ id, label: words }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`${base}-${id}`}
              data-tab={id}
              aria-selected={id === open}
              aria-controls={`${base}-panel`}
              tabIndex={id === open ? 0 : -1}
              onClick={() => onOpen(id)}
              onKeyDown={move}
              className={`-mb-px min-h-9 border-b-2 px-2.5 text-sm ${id === open ? 'border-brass font-semibold' : 'border-transparent text-mute hover:text-ink'}`}
            >
              {words}
            </button>
          ))}
        </div>
        {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2 py-1">{actions}</div>}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${open}`}>
        {children}
      </div>
    </div>
  )
}
