// A list as CSV (RFC 4180), for those who ask with `Accept: text/csv`.

/** What is no single value stands as JSON. */
export type Cell = unknown

const field = (value: Cell): string => {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const wantsCsv = (accept: string | undefined): boolean => accept?.includes('text/csv') === true

/**
 * Columns are those of the list's schema, so an empty list has its header too.
 *
 * @example csvOf(['a', 'b'], [{ a: 1, b: 'x,y' }]) // 'a,b\r\n1,"x,y"\r\n'
 */
export function csvOf(columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  const lines = rows.map(row => columns.map(column => field(row[column] ?? null)).join(','))
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`
}
