// The account that training rows of the sizer remember: what session_r and account_drawdown would have been (section 5).

import type { CandidateTable } from '../trading/candidate-table.ts'

export type AccountPath = {
  /** R of the trades closed so far in the session of each row. */
  readonly sessionR: Float32Array
  /** Share of the drawdown limit that is used at each row, 0 to 1. */
  readonly drawdown: Float32Array
}

/**
 * The path of always trading size 1 on every fired candidate: a trade changes the account when its label is known, never
 * earlier. The sizer's own path would depend on the sizer that is being fitted; this one is the same for every candidate model.
 *
 * @param rows rows of the table in order of time
 * @param traded rows of the table whose outcomes make the path, in order of time
 * @param drawdownLimitR the drawdown limit in R at size 1
 * @example
 * accountPath({ table, rows, traded: fired, sessionOf: time => `${Math.floor(time / 86_400_000)}`, drawdownLimitR: 20 })
 */
export function accountPath({
  table,
  rows,
  traded,
  sessionOf,
  drawdownLimitR,
}: {
  readonly table: CandidateTable
  readonly rows: Int32Array
  readonly traded: Int32Array
  readonly sessionOf: (timeMs: number) => string
  readonly drawdownLimitR: number
}): AccountPath {
  const { time, labelEnd, r } = table
  // Ties in the time of resolution keep the order of entry: sort is stable.
  const closed = Int32Array.from(Array.from(traded).sort((a, b) => labelEnd[a]! - labelEnd[b]!))
  const sessionR = new Float32Array(rows.length)
  const drawdown = new Float32Array(rows.length)
  let next = 0
  let equity = 0
  let peak = 0
  let session = ''
  let inSession = 0
  const enter = (name: string): void => {
    if (name !== session) inSession = 0
    session = name
  }
  for (const [at, row] of rows.entries()) {
    for (; next < closed.length && labelEnd[closed[next]!]! <= time[row]!; next++) {
      enter(sessionOf(labelEnd[closed[next]!]!))
      inSession += r[closed[next]!]!
      equity += r[closed[next]!]!
      peak = Math.max(peak, equity)
    }
    enter(sessionOf(time[row]!))
    sessionR[at] = inSession
    drawdown[at] = Math.min(1, (peak - equity) / drawdownLimitR)
  }
  return { sessionR, drawdown }
}
