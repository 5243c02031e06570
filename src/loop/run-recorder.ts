// Everything a run does, in the order it happens: into the event hash at once, into journal and outbox in batches. What an earlier
// start of the same run made durable is hashed again and not written again.

import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import { type Hasher, sha256Hasher } from '../base/hash.ts'
import type { Bar, Provenance } from '../market/bar.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import type { GateResult } from '../serving/gates/gate.ts'
import type { DecisionRecord } from '../trading/decision.ts'
import type { EquityPoint, Journal, JournalEvent, JournalInput, RunProgress } from '../trading/journal.ts'
import type { RunEventBodies, RunEventDraft } from './run-event.ts'
import type { RunMeter } from './run-reading.ts'

type BarBody = RunEventBodies['bar']
/** What the recorder does not know of a bar by itself. */
export type BarFacts = Pick<BarBody, 'position' | 'riskState' | 'riskCause' | 'releaseId'> &
  Pick<EquityPoint, 'equityMicros' | 'holdMicros' | 'previousMicros'> & {
    /** Limit that a person is to be warned of; empty without one. */
    readonly riskWarning: string
  }

export type RecorderOptions = {
  readonly journal: Journal
  readonly runId: string
  readonly provenance: Provenance
  /** Price of a step. */
  readonly step: number
  /** Wall clock: batches are written at least every `flushMs`. */
  readonly clock: Clock
  readonly flushMs?: number | undefined
  /** How far an earlier start of this run came. */
  readonly past?: RunProgress | undefined
  /** Events up to this seq are durable. */
  readonly onCommitted?: ((seq: number) => void) | undefined
  /** Told of each order. */
  readonly meter?: RunMeter | undefined
}

export interface RunRecorder {
  readonly decision: (decision: DecisionRecord) => void
  readonly order: (order: Order) => void
  readonly fill: (fill: Fill) => void
  readonly trade: (trade: ClosedTrade) => void
  /** A bar is done. Fault `RESUME_DIVERGED` where an earlier start of this run had done something else by here. */
  endBar(bar: Bar, facts: BarFacts): void
  /** The account is closed: one more step of the run. */
  endAccount(): void
  /** Told whatever is durable already. */
  event(event: RunEventDraft): void
  input(bar: number, body: object): void
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
const dollars = (micros: number): number => micros / 1e6

export function runRecorder(options: RecorderOptions, inputsSoFar = 0): RunRecorder {
  const { journal, runId, provenance, step, clock, flushMs = 1000, past, onCommitted, meter } = options
  const hash: Hasher = sha256Hasher()
  const add = (kind: string, value: unknown): void => hash.update(`${kind} ${JSON.stringify(value)}\n`)
  const empty = () => ({
    decisions: [] as DecisionRecord[],
    orders: [] as Order[],
    fills: [] as Fill[],
    trades: [] as ClosedTrade[],
    equity: [] as EquityPoint[],
    events: [] as JournalEvent[],
    inputs: [] as JournalInput[],
    progress: undefined as RunProgress | undefined,
  })
  let batch = empty()
  let flushed = clock.now()
  let steps = 0
  let inputs = inputsSoFar
  let decided: DecisionRecord | undefined
  let risk = { state: 'ACTIVE', cause: '' }
  const counts = { decisions: 0, trades: 0 }
  const durable = past?.barsDone ?? 0
  const told = (): boolean => steps < durable
  const event = ({ topic, at, body }: RunEventDraft): void => {
    batch.events.push({ topic, at, body: JSON.stringify(body) })
  }
  const endStep = (): void => {
    steps++
    const progress = { barsDone: steps, hash: hash.digest() }
    if (steps > durable) batch.progress = progress
    else if (steps === durable && progress.hash !== past?.hash) {
      throw new Fault('RESUME_DIVERGED', `${runId} does not come to what it had come to by bar ${steps}`, {
        fix: 'the code or the machine has changed: begin again with --restart',
      })
    }
  }
  return {
    counts,
    decision(decision) {
      // The sizer's question follows from fills that are hashed themselves.
      const { sizer: _, ...hashed } = decision
      add('decision', hashed)
      counts.decisions++
      decided = decision
      if (!told()) batch.decisions.push(decision)
    },
    order(order) {
      if (told()) return
      batch.orders.push(order)
      meter?.note('orderSent', 1)
    },
    fill(fill) {
      add('fill', fill)
      if (told()) return
      batch.fills.push(fill)
      const { tradeId, decisionId, side, quantity, role, slippage } = fill
      const money = { price: fill.price * step, slippage: slippage * step, commission: dollars(fill.commissionMicros) }
      event({ topic: 'fill', at: fill.time, body: { tradeId, decisionId, side, quantity, role, ...money } })
    },
    trade(trade) {
      counts.trades++
      if (told()) return
      batch.trades.push(trade)
      const { decisionId, releaseId, strategy, side, quantity, entryTime, exitTime, exitReason, r } = trade
      const prices = { entry: trade.entry * step, exit: trade.exit * step, net: dollars(trade.netMicros) }
      const facts = { decisionId, releaseId, strategy, side, quantity, entryTime, exitTime, exitReason, r }
      event({ topic: 'trade', at: exitTime, body: { ...facts, ...prices } })
    },
    endBar(bar, { equityMicros, holdMicros, previousMicros, riskWarning, ...facts }) {
      const state = facts.riskState
      const cause = state === 'ACTIVE' ? riskWarning : facts.riskCause
      const changed = state !== risk.state || cause !== risk.cause
      // A warning that its day or week took away is no news.
      const news = changed && (state !== risk.state || cause !== '')
      risk = { state, cause }
      if (!told()) {
        if (news) event({ topic: 'risk', at: bar.knownAt, body: { state, cause, bar: steps } })
        batch.equity.push({ at: bar.knownAt, equityMicros, holdMicros, previousMicros })
        const money = {
          equity: dollars(equityMicros),
          hold: dollars(holdMicros),
          previous: previousMicros === null ? null : dollars(previousMicros),
        }
        const decision = decided === undefined ? null : inShort(decided)
        event({ topic: 'bar', at: bar.knownAt, body: { ...bar, index: steps, ...money, ...facts, decision } })
      }
      decided = undefined
      endStep()
    },
    endAccount: endStep,
    event,
    input: (bar, body) => void batch.inputs.push({ seq: ++inputs, bar, body: JSON.stringify(body) }),
    release: releaseId => add('release', releaseId),
    gate: ({ gate, value, limit, result }) => add('gate', { gate, value, limit, result }),
    async flush(all = false) {
      const due = batch.equity.length >= BATCH || clock.now() - flushed >= flushMs
      if (!all && !due) return
      flushed = clock.now()
      const full = batch
      batch = empty()
      if (full.progress === undefined && full.events.length === 0 && full.inputs.length === 0) return
      const seq = await journal.record(runId, { ...full, provenance })
      if (seq !== undefined) onCommitted?.(seq)
    },
    eventHash: () => hash.digest(),
  }
}

function inShort(decision: DecisionRecord): BarBody['decision'] {
  const { seq, outcome, chosen, side, confidence, regime, reasons } = decision
  return { seq, outcome, chosen, side, confidence, regime, reason: reasons[0]?.code ?? null }
}
