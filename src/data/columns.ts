// Finds the columns of a bar file by name, case-insensitive, or by the user's `--map`.

import { Fault } from '../base/fault.ts'

const SYNONYMS = {
  time: ['timestamp', 'time', 'datetime', 'date'],
  symbol: ['symbol'],
  contract: ['contract'],
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume'],
} as const

export type BarColumn = keyof typeof SYNONYMS
export type ColumnIndex = { readonly [Name in BarColumn]: number }

const OPTIONAL: ReadonlySet<BarColumn> = new Set(['symbol', 'contract', 'volume'])

/**
 * @param map canonical name -> header of the file, from `--map date=Date,...`; `date` stands for the time
 * @returns index of each column, -1 for an absent optional one
 * Faults: `DATA_COLUMN_MISSING` naming what was looked for and what the header has, `DATA_COLUMN_TWICE`.
 */
export function findColumns(
  header: readonly string[],
  place: string,
  map: Readonly<Record<string, string>> = {},
): ColumnIndex {
  const names = header.map(name => name.trim().toLowerCase())
  const find = (column: BarColumn): number => {
    const mapped = map[column] ?? (column === 'time' ? (map['date'] ?? map['timestamp']) : undefined)
    const wanted = mapped === undefined ? SYNONYMS[column] : [mapped.toLowerCase()]
    for (const name of wanted) {
      const first = names.indexOf(name)
      if (first < 0) continue
      if (names.includes(name, first + 1)) {
        throw new Fault('DATA_COLUMN_TWICE', `column "${header[first]}" stands twice in the header`, {
          place: `${place}:1`,
          fix: 'remove or rename one of them',
        })
      }
      return first
    }
    if (OPTIONAL.has(column) && mapped === undefined) return -1
    throw new Fault(
      'DATA_COLUMN_MISSING',
      `no column ${wanted.map(name => `"${name}"`).join(' or ')} in the header (${header.join(', ')})`,
      { place: `${place}:1`, fix: `name it with --map ${column === 'time' ? 'date' : column}=YourColumn` },
    )
  }
  const columns = Object.keys(SYNONYMS) as BarColumn[]
  return Object.fromEntries(columns.map(column => [column, find(column)])) as ColumnIndex
}
