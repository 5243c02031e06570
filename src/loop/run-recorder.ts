// Everything a run does, in the order it happens: into the event hash at once, into the journal in batches.

import { type Hasher, sha256Hasher } from '../base/hash.ts'
import type { Provenance } from '../market/bar.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import type { GateResult } from '../serving/gates/gate.ts'
import type { DecisionRecord } from '../trading/decision.ts'
import type { EquityPoint, Journal } from '../trading/journal.ts'

export interface RunRecorder {
  readonly decision: (decision: DecisionRecord) => void
  readonly order: (order: Order) => void
  readonly fill: (fill: Fill) => void
  readonly trade: (trade: ClosedTrade) => void
  equity(point: EquityPoint): void
  /** A release that was published: its id, which its content decides. */
  release(releaseId: string): void
  gate(result: GateResult): void
  /** Writes what has gathered, once there is enough of it or `all` is asked for. */
  flush(all?: boolean): Promise<void>
  readonly counts: { readonly decisions: number; readonly trades: number }
  /** Over every decision, fill, release and gate verdict so far. */
  eventHash(): string
}

const BATCH = 1000

export function runRecorder(journal: Journal, runId: string, provenance: Provenance): RunRecorder {
  const hash: Hasher = sha256Hasher()
  const add = (kind: string, value: unknown): void => hash.update(`${kind} ${JSON.stringify(value)}\n`)
  const empty = () => ({
    decisions: [] as DecisionRecord[],
    orders: [] as Order[],
    fills: [] as Fill[],
    trades: [] as ClosedTrade[],
    equity: [] as EquityPoint[],
  })
  let batch = empty()
  const counts = { decisions: 0, trades: 0 }
  return {
    counts,
    decision(decision) {
      add('decision', decision)
      batch.decisions.push(decision)
      counts.decisions++
    },
    order: order => void batch.orders.push(order),
    fill(fill) {
      add('fill', fill)
      batch.fills.push(fill)
    },
    trade(trade) {
      batch.trades.push(trade)
      counts.trades++
    },
    equity: point => void batch.equity.push(point),
    release: releaseId => add('release', releaseId),
    gate: ({ gate, value, limit, result }) => add('gate', { gate, value, limit, result }),
    async flush(all = false) {
      if (!all && batch.equity.length < BATCH) return
      const full = batch
      batch = empty()
      await journal.record(runId, { ...full, provenance })
    },
    eventHash: () => hash.digest(),
  }
}
