// What an import did, in counts and places: nothing that was in the file disappears without a line here.

import type { CalendarName } from '../market/instrument.ts'
import type { Lineage } from './lineage.ts'

export type RejectedRow = { readonly line: number; readonly reason: string; readonly text: string }

export type ImportReport = {
  readonly file: string
  readonly symbol: string
  readonly barMs: number
  readonly calendar: CalendarName
  readonly rowsRead: number
  readonly stored: number
  /** Rows equal to an earlier one of the same time. */
  readonly duplicates: number
  /** Rows that contradict an earlier one of the same time: the later one is kept. */
  readonly conflicts: number
  /** Rows that came before an earlier time and were sorted in. */
  readonly outOfOrder: number
  readonly rejected: number
  /** Rows held back as price spikes that the next bar took back. */
  readonly quarantined: number
  /** The first 20 rejected or quarantined rows. */
  readonly firstRejects: readonly RejectedRow[]
  readonly firstTime: string
  readonly lastTime: string
  readonly hasVolume: boolean
  readonly warnings: readonly string[]
  /** Trade dates with too many of their bars missing (`data.maxGapShare`): excluded from labels. */
  readonly excludedDates: readonly string[]
  readonly missingBars: number
  readonly fileSha256: string
  /** Whence and when; absent in reports of before it was written down. */
  readonly lineage?: Lineage
  /** What it did to the series that was stored already. */
  readonly merged?: {
    /** Snapshot id. */
    readonly into: string
    /** Bars. */
    readonly had: number
    readonly added: number
    readonly corrected: number
  }
}
