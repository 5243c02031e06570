// The contract of a feature: one incremental definition, folded over bars for training and fed bar by bar live (FEAT-01).

import type { Bar } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import type { FeatureColumn } from '../market/feature-schema.ts'
import type { Instrument } from '../market/instrument.ts'

export type Source = 'bars' | 'volume' | 'quotes' | 'trades' | 'depth' | 'candidate' | 'outcomes' | 'events'

export type FeatureContext = { readonly instrument: Instrument; readonly calendar: Calendar; readonly barMs: number }

export interface Feature<State> {
  readonly column: FeatureColumn
  readonly needs: readonly Source[]
  /** Bars before the value means what it says. */
  readonly warmup: number
  /** Plain data; saved and restored as JSON bit for bit. */
  init(context: FeatureContext): State
  /** Takes one closed bar into the state (mutating it) and gives the column's value after it; NaN before warm-up. */
  update(state: State, bar: Bar): number
}
