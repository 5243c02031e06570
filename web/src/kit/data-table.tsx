// Rows that people read down and open: arrows move between them, Enter opens. Wide ones scroll in their own box.

import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { text } from '../texts/text.ts'
import { ColumnChoice, useHidden } from './column-choice.tsx'

export type Column<Row> = {
  readonly id: string
  readonly header: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Figures stand right. */
  readonly figure?: boolean
  /** Left out on narrow screens; what it says is also in what the row opens. */
  readonly wide?: boolean
}

type DataTableProps<Row> = {
  /** What the table is, for those who cannot see where it stands. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly onOpen?: (row: Row) => void
  readonly isOpen?: (row: Row) => boolean
  readonly className?: string
  /** Readers choose the columns; kept in this browser under this name. */
  readonly chosen?: string
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns: all, rows, keyOf, onOpen, isOpen, className = '', chosen } = props
  const [hidden, setHidden] = useHidden(chosen)
  const columns = all.filter(({ id }) => !hidden.has(id))
  const body = useRef<HTMLTableSectionElement>(null)
  const move = (event: KeyboardEvent<HTMLTableRowElement>, row: Row): void => {
    if (event.target !== event.currentTarget) return
    const all = [...(body.current?.rows ?? [])]
    const at = all.indexOf(event.currentTarget)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      all[to]?.focus()
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onOpen?.(row)
    }
  }
  const hide = (column: Column<Row>): string => (column.wide === true ? 'max-md:hidden' : '')
  return (
    <>
      {chosen !== undefined && <ColumnChoice columns={all} hidden={hidden} onChange={setHidden} />}
      <section aria-label={text('table.region', { what: label })} tabIndex={0} className={`overflow-auto ${className}`}>
        <table className="w-full border-separate border-spacing-0 text-xs">
          <caption className="sr-only">{label}</caption>
          <thead className="sticky top-0 z-10 bg-panel">
            <tr>
              {columns.map(column => (
                <th
                  key={column.id}
                  scope="col"
                  className={`border-line border-b px-2 py-1.5 font-medium text-mute first:pl-3 last:pr-3 ${column.figure === true ? 'text-right' : 'text-left'} ${hide(column)}`}
                >
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {rows.map((row, i) => (
              <tr
                key={keyOf(row)}
                tabIndex={onOpen === undefined ? undefined : i === 0 || isOpen?.(row) === true ? 0 : -1}
                aria-current={isOpen?.(row) === true ? 'true' : undefined}
                onClick={onOpen === undefined ? undefined : () => onOpen(row)}
                onKeyDown={onOpen === undefined ? undefined : event => move(event, row)}
                className={`${onOpen === undefined ? '' : 'cursor-pointer hover:bg-sunk focus-visible:-outline-offset-2'} ${isOpen?.(row) === true ? 'bg-brass-wash' : ''}`}
              >
                {columns.map(column => (
                  <td
                    key={column.id}
                    className={`border-line border-b px-2 py-1.5 first:pl-3 last:pr-3 ${column.figure === true ? 'whitespace-nowrap text-right' : ''} ${hide(column)}`}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}
