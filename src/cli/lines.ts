// Small pieces of text for people: aligned columns, times and sizes.

/**
 * Rows as lines with aligned columns, none wider than its longest cell.
 *
 * @example table([['a', 'bb'], ['ccc', 'd']]) // ['a    bb', 'ccc  d']
 */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

/** @example utcDay(0) // '1970-01-01' */
export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** @example utcMoment(0) // '1970-01-01 00:00:00Z' */
export const utcMoment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`

/** As much of a digest as tells it from others; commands take it in place of the whole. */
export const short = (digest: string): string => digest.slice(0, 12)

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** @example barName(900_000) // '15m' */
export function barName(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}

/** @example count(1, 'bar') // '1 bar' */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

/** What stands under the help of a command (CLI-03). */
export const example = (line: string): string => `\nExample:\n  $ ratchet ${line}`
