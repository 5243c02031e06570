// One closed bar as the engine sees it: what the candidate book made of it. The rows themselves stand in the candidate table.

import type { Bar } from '../market/bar.ts'

export type BarEvent = {
  /** Index of the bar in its series. */
  readonly index: number
  readonly bar: Bar
  /** The same time in finer bars, where somebody supplied them. */
  readonly finer?: readonly Bar[] | undefined
  /** False during warm-up: there are no rows then. */
  readonly ready: boolean
  /** Rows `firstRow .. firstRow + rowCount - 1` of the table belong to this bar, one per strategy that states a side. */
  readonly firstRow: number
  readonly rowCount: number
  /** Row of the strongest candidate, ties by strategy order (TRAIN-01): its row is the input of the `meta` model. -1 without rows. */
  readonly strongest: number
  /** Index into SESSIONS. */
  readonly session: number
  /** Index into ROW_REGIMES. */
  readonly regime: number
  /** ATR14 in price. */
  readonly atr: number
  /** Feature 7, spread in basis points of mid. */
  readonly spreadBps: number
  /** Rows whose label became final or void with this bar. */
  readonly resolved: readonly number[]
}
