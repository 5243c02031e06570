// Vendors of bars as a port: ranges in pages, each complete up to a moment, so that an interrupted fetch can go on (DATA-02).

import type { Bar, DataSource } from '../market/bar.ts'

export type VendorBar = Omit<Bar, 'knownAt'>

export type BarRange = {
  /** In the vendor's spelling, e.g. `AAPL`, `C:EURUSD`. */
  readonly symbol: string
  readonly barMs: number
  /** Start of the first bar, ms UTC; of daily bars its label at 00:00Z. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** Prices as if all splits known today had always been. */
  readonly adjusted: boolean
}

export type BarPage = {
  /** As they came: duplicates and disorder are the importer's to count. */
  readonly bars: readonly VendorBar[]
  /** Of the answer's bytes. */
  readonly sha256: string
  /** Nothing of the range follows. */
  readonly last: boolean
}

export type VendorHealth = {
  readonly requests: number
  /** Mean time of the last answers, ms; null before the first. */
  readonly meanMs: number | null
  /** The mean is above 10 s. */
  readonly degraded: boolean
}

export interface BarVendor {
  readonly source: DataSource
  /** Faults: those of the wire, `SOURCE_MALFORMED`, `SOURCE_NEXT_URL`, `SOURCE_NO_PROGRESS`, `USAGE` for a bar length it does not have. */
  pages(range: BarRange, signal: AbortSignal): AsyncGenerator<BarPage>
  /** The last finished session. Faults: those of `pages`, `DATA_EMPTY`. */
  previousClose(symbol: string, adjusted: boolean, signal: AbortSignal): Promise<VendorBar>
  health(): VendorHealth
}
