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

export type Page<T> = { items: T[]; next: string | null }

const CURSOR = /^(-?\d{1,16})~([!-~]{0,64})$/

/** @example cursorOf({ at: 7, id: 'a' }) // 'N35h' */
export const cursorOf = ({ at, id }: Place): string => Buffer.from(`${at}~${id}`).toString('base64url')

/** Fault: `CURSOR_INVALID` for text that no page gave. */
export function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (match === null) {
    throw new Fault('CURSOR_INVALID', 'the cursor is not one that a page gave', {
      place: 'cursor',
      fix: 'begin again without a cursor',
    })
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
