// Cursors: where the next page of a list begins. Opaque to callers; a row that comes in meanwhile shifts nothing.

import { Fault } from '../../base/fault.ts'
import type { Place } from '../../trading/read-model.ts'

export type PageRequest = {
  readonly run?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly cursor?: string | undefined
  readonly limit: number
  readonly order: 'newest' | 'oldest'
}

/** A list that is sorted by one of its columns; `newest` is the largest first. */
export type SortRequest<Sort extends string> = Pick<PageRequest, 'cursor' | 'limit' | 'order'> & { readonly sort: Sort }

export type Page<T> = { items: T[]; next: string | null }

const CURSOR = /^(-?\d{1,16})~([!-~]{0,128})$/

/** @example cursorOf({ at: 7, id: 'a' }) // 'N35h' */
export const cursorOf = ({ at, id }: Place): string => Buffer.from(`${at}~${id}`).toString('base64url')

const cursorFault = (): Fault =>
  new Fault('CURSOR_INVALID', 'the cursor is not one that a page gave', {
    place: 'cursor',
    fix: 'begin again without a cursor',
  })

/** Fault: `CURSOR_INVALID` for text that no page gave. */
export function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (match === null) {
    throw cursorFault()
  }
  return { at: Number(match[1]), id: match[2]! }
}

/** A page from one row more than asked for: with it there is a next page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => T,
  place: (row: Row) => Place,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), next: rows.length > limit && last !== undefined ? cursorOf(place(last)) : null }
}

type SortValue = number | string | null

/** Values that are not known come last either way. */
function compare(a: SortValue, b: SortValue, sign: number): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  return a < b ? -sign : sign
}

/**
 * A page of a list that is in memory. The cursor names the last row that was given, so rows that come in meanwhile shift nothing.
 *
 * @param columns what each sort goes by; equal ones stay in the order of `idOf`
 * Fault: `CURSOR_INVALID`, also where the row that it names is gone or stood in another list.
 */
export function sortedPage<Row, Sort extends string>(
  rows: readonly Row[],
  { sort, order, cursor, limit }: SortRequest<Sort>,
  idOf: (row: Row) => string,
  columns: Readonly<Record<Sort, (row: Row) => SortValue>>,
): Page<Row> {
  const sign = order === 'newest' ? -1 : 1
  const value = columns[sort]
  const sorted = rows.toSorted((a, b) => compare(value(a), value(b), sign) || compare(idOf(a), idOf(b), sign))
  const last = placeOf(cursor)?.id
  const from = last === undefined ? 0 : sorted.findIndex(row => idOf(row) === last) + 1
  if (last !== undefined && from === 0) throw cursorFault()
  return pageOf(
    sorted.slice(from, from + limit + 1),
    limit,
    row => row,
    row => ({ at: 0, id: idOf(row) }),
  )
}
