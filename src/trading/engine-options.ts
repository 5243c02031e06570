// What an engine is made of: the ports it drives and whom it tells.

import type { Clock } from '../base/clock.ts'
import type { Rng } from '../base/rng.ts'
import type { Calendar } from '../market/calendar.ts'
import type { Instrument } from '../market/instrument.ts'
import type { NewsTable } from '../market/news.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import type { BarBroker } from './broker.ts'
import type { DecisionRecord, Reason } from './decision.ts'
import type { Exposure } from './exposure.ts'
import type { Pulled } from './kill-scopes.ts'
import type { Limits } from './limits.ts'
import type { ModelsInCharge } from './models-in-charge.ts'
import type { Portfolio } from './portfolio.ts'

export type EngineOptions = {
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly barMs: number
  readonly models: ModelsInCharge
  readonly broker: BarBroker
  readonly portfolio: Portfolio
  readonly limits: Limits
  /** Stands at the bar's knownAt, or later where the bar was late. */
  readonly clock: Clock
  readonly rng: Rng
  /** Part of every order id. */
  readonly account?: string
  /** Scheduled news; without a table no entry is held back around it (RSK-02). */
  readonly news?: NewsTable | undefined
  /** What the same account holds, in this instrument and others (RSK-08); absent: nothing but this engine's own. */
  readonly exposures?: (() => readonly Exposure[]) | undefined
  /** The kill switch: what pulled it, or undefined. Read at every bar and before each entry is sent; letting go does not resume. */
  readonly killed?: () => Pulled | undefined
  /** What becomes of open positions when another set takes charge; absent: the set that entered manages them (SRV-33). */
  readonly positions?: () => 'pinToEntry' | 'handoff' | 'flatten'
  /** Anything else that forbids entries at the moment, such as `MODEL_STALE`; open positions are still managed. */
  readonly entriesBlocked?: () => Reason | undefined
  readonly onDecision?: (decision: DecisionRecord) => void
  /** Entries and flattening exits as they leave; the bracket's own orders are in the broker's status. */
  readonly onOrder?: (order: Order) => void
  readonly onFill?: (fill: Fill) => void
  readonly onTrade?: (trade: ClosedTrade) => void
}
