// Vendors of economic series as a port: values with the days on which they stood, and ways to find a series (DATA-03).

import type { DataSource } from '../market/bar.ts'
import type { MacroFacts, VintageRow } from './macro.ts'
import type { VendorHealth } from './vendor.ts'

/** Days `YYYY-MM-DD`, both inclusive. */
export type Window = { readonly from: string; readonly to: string }

export type Vintages = {
  readonly rows: readonly VintageRow[]
  /** Of each answer's bytes, in order. */
  readonly hashes: readonly string[]
}

export interface MacroVendor {
  readonly source: DataSource
  /** Faults: those of the wire, `DATA_REFUSED` for a series that does not exist, `SOURCE_MALFORMED`. */
  series(id: string, signal: AbortSignal): Promise<MacroFacts>
  /** Days on which something of it was published, in order. */
  vintageDates(id: string, signal: AbortSignal): Promise<readonly string[]>
  /** What stood within the window; without one, what stands today. */
  observations(id: string, window: Window | undefined, signal: AbortSignal): Promise<Vintages>
  search(text: string, signal: AbortSignal): Promise<readonly MacroFacts[]>
  category(id: number, signal: AbortSignal): Promise<{ readonly name: string; readonly series: readonly MacroFacts[] }>
  release(id: number, signal: AbortSignal): Promise<{ readonly name: string; readonly series: readonly MacroFacts[] }>
  health(): VendorHealth
}
