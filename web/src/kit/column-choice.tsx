// Which columns of a table are shown: the reader's choice, kept in this browser. The first column always is.

import { type ReactNode, useState } from 'react'
import { readSaved, writeSaved } from '../browser/saved.ts'
import { text } from '../texts/text.ts'
import { Menu } from './menu.tsx'

type Hidden = ReadonlySet<string>

/** @param name of the choice; undefined: all are shown */
export function useHidden(name: string | undefined): [Hidden, (hidden: Hidden) => void] {
  const key = `columns.${name ?? ''}`
  const [hidden, set] = useState<Hidden>(
    () => new Set(name === undefined ? [] : (readSaved(key) ?? '').split(',').filter(Boolean)),
  )
  return [
    hidden,
    next => {
      writeSaved(key, [...next].join(','))
      set(next)
    },
  ]
}

type ColumnChoiceProps = {
  readonly columns: readonly { readonly id: string; readonly header: ReactNode }[]
  readonly hidden: Hidden
  readonly onChange: (hidden: Hidden) => void
}

export function ColumnChoice({ columns, hidden, onChange }: ColumnChoiceProps) {
  const turn = (id: string): void => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <div className="flex justify-end px-3 py-1">
      <Menu label={text('table.columns')} button={{ kind: 'bare' }}>
        <fieldset className="flex flex-col gap-1.5 text-xs" aria-label={text('table.columns')}>
          {columns.slice(1).map(({ id, header }) => (
            <label key={id} className="flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-brass"
                checked={!hidden.has(id)}
                onChange={() => turn(id)}
              />
              {header}
            </label>
          ))}
        </fieldset>
      </Menu>
    </div>
  )
}
