// One page of a list with the way to older ones and back; the first page keeps up with what happens.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Listed } from '../api/queries.ts'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { text } from '../texts/text.ts'
import { Button } from './button.tsx'
import { type Column, DataTable } from './data-table.tsx'
import { Ask, Empty } from './states.tsx'

type PagedListProps<Row> = {
  readonly label: string
  /** Under which the reader's choice of columns is kept. */
  readonly name: string
  readonly query: (cursor: string | undefined) => Listed<Row>
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string | number
  readonly onOpen?: (row: Row) => void
  readonly isOpen?: (row: Row) => boolean
  readonly empty: string
  readonly emptyWhy: string
}

export function PagedList<Row>({
  label,
  name,
  query,
  columns,
  keyOf,
  onOpen,
  isOpen,
  empty,
  emptyWhy,
}: PagedListProps<Row>) {
  const { query: address } = useRoute()
  // Every page on the way here, so that a link goes back as far as the reader could.
  const cursors = address['page']?.split(',').filter(Boolean) ?? []
  const setCursors = (next: readonly string[]) => setQuery({ page: next.join(',') || null })
  const asked = useQuery({ ...query(cursors.at(-1)), placeholderData: keepPreviousData })
  return (
    <Ask query={asked} what={label}>
      {({ items, next }) =>
        items.length === 0 ? (
          <div className="p-3">
            <Empty title={empty}>{emptyWhy}</Empty>
          </div>
        ) : (
          <>
            <DataTable
              label={label}
              chosen={name}
              columns={columns}
              rows={items}
              keyOf={keyOf}
              className="max-h-[28rem]"
              {...(onOpen === undefined ? {} : { onOpen })}
              {...(isOpen === undefined ? {} : { isOpen })}
            />
            <div className="flex items-center gap-2 px-3 py-1.5 text-mute text-xs">
              <span>{text(cursors.length === 0 ? 'list.newest' : 'list.page', { page: cursors.length + 1 })}</span>
              <span className="ml-auto flex gap-1.5">
                <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
                  {text('list.newer')}
                </Button>
                <Button disabled={next === null} onClick={() => next !== null && setCursors([...cursors, next])}>
                  {text('list.older')}
                </Button>
              </span>
            </div>
          </>
        )
      }
    </Ask>
  )
}
