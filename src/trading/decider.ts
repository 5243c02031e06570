// One decision at one closed bar, with its record: ask the models, plan the entry, let risk judge, place the order (BRN-14, BRN-15).

import type { Fault } from '../base/fault.ts'
import { isDaily } from '../market/bar.ts'
import { newsAround } from '../market/news.ts'
import type { Order } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import { type AccountState, type Brain, brain, type Verdict } from './brain.ts'
import { type CandidateTable, ROW_REGIMES, SESSIONS } from './candidate-table.ts'
import type { DecisionOutcome, DecisionRecord, Reason } from './decision.ts'
import { clientOrderId, ulid } from './decision-id.ts'
import { candidatesOf, rowHash, sideOfRow } from './decision-parts.ts'
import type { EngineOptions } from './engine-options.ts'
import { type EntryPlan, planEntry, riskMarket } from './entry-plan.ts'
import { stopsTrading } from './kill-scopes.ts'
import type { Limits } from './limits.ts'
import type { ModelLease } from './models-in-charge.ts'
import { orderRate } from './order-rate.ts'
import type { PortfolioView } from './portfolio.ts'
import type { RiskStateSaved } from './risk-state.ts'
import type { SizeCuts } from './size-cuts.ts'

export type DeciderOptions = EngineOptions & {
  readonly account: string
  /** The order rate held back so many that something runs away. */
  readonly onRunaway: () => void
}

export type DecisionInput = {
  readonly state: RiskStateSaved
  /** The exit that a halt, or the set that took a position over, sent at this bar, and why; null without one. */
  readonly exit: { readonly orderId: string; readonly reason: Reason } | null
  /** What the set that took positions over made of those that stay. */
  readonly handed: readonly Reason[]
  /** Entry decision of the position that fills the book: its set decides. */
  readonly managed: string | undefined
  readonly cuts: SizeCuts
  /** Steps. */
  readonly closes: { readonly last: number; readonly before: number }
}

type Settled = {
  readonly outcome: DecisionOutcome
  readonly reasons: readonly Reason[]
  readonly plan: EntryPlan | undefined
}

/** An entry that left, and how many swaps came before the set that wanted it. */
export type Entered = { readonly order: Order; readonly setSeq: number }

/** What the models are told of the account, in the unit that sizers are trained in: of the drawdown limit, the share that is used. */
export function accountState(
  { equityMicros, peakMicros, sessionR }: PortfolioView,
  { maxDrawdown }: Limits,
): AccountState {
  return { sessionR, drawdown: Math.min(1, Math.max(0, (peakMicros - equityMicros) / peakMicros) / maxDrawdown) }
}

const refusal = ({ code }: Fault): Reason => ({ code, value: null, limit: null })

/** Decides once a bar and tells `onDecision`; gives the entry order that left, if one did. */
export function decider(options: DeciderOptions) {
  const { instrument, calendar, barMs, models, broker, portfolio, limits, clock, account } = options
  const mind: Brain = brain(limits)
  const names = options.rng.fork('decisions')
  const rate = orderRate()
  let seq = 0

  /** Why no entry is even planned, first blocking first; undefined where one may be. */
  const blocked = (event: BarEvent, verdict: Verdict, { exit, handed }: DecisionInput): Settled | undefined => {
    const settled = (outcome: DecisionOutcome, ...reasons: Reason[]): Settled => ({ outcome, reasons, plan: undefined })
    if (exit !== null) return settled('exit', exit.reason)
    const { openPositions } = portfolio.view()
    if (openPositions >= limits.maxOpenPositions) {
      const full = { code: 'POSITION_OPEN', value: openPositions, limit: limits.maxOpenPositions }
      return settled('hold', full, ...handed)
    }
    const late = clock.now() - event.bar.knownAt
    if (late > limits.lateAfterMs) return settled('noTrade', { code: 'LATE', value: late, limit: limits.lateAfterMs })
    if (verdict.reasons.length > 0) return settled('noTrade', ...verdict.reasons)
    const forbidden = options.entriesBlocked?.()
    return forbidden === undefined ? undefined : settled('noTrade', forbidden)
  }

  const plan = (
    event: BarEvent,
    table: CandidateTable,
    lease: ModelLease,
    verdict: Verdict,
    decisionId: string,
    { state, closes, cuts }: DecisionInput,
  ): EntryPlan => {
    const { knownAt } = event.bar
    const now = clock.now()
    const status = broker.status()
    const strategy = verdict.chosen!
    return planEntry(
      {
        orderId: clientOrderId(account, strategy, decisionId, 'entry'),
        decisionId,
        releaseId: lease.releaseId,
        strategy,
        side: sideOfRow(table, verdict.row),
        confidence: verdict.confidence!,
        multiplier: verdict.multiplier,
      },
      {
        instrument,
        limits,
        view: portfolio.view(),
        state,
        moment: {
          now,
          barTime: knownAt,
          barMs,
          live: isDaily(barMs) ? undefined : calendar.at(knownAt),
          session: event.session,
          news: options.news === undefined || isDaily(barMs) ? undefined : newsAround(options.news, knownAt),
        },
        market: riskMarket(instrument, closes, event.atr, event.spreadBps),
        orders: { ...rate.sent(now), entryOut: status.working.some(({ role }) => role === 'entry') },
        exposures: options.exposures?.() ?? [],
        brokerPosition: status.health === 0 ? undefined : (status.positions.get(instrument.symbol) ?? 0),
        cuts,
      },
    )
  }

  /** Reserve, then send: the ledger knows the order before the broker does. */
  const send = (order: Order): Reason | undefined => {
    const reserved = portfolio.register(order)
    if (!reserved.ok) return refusal(reserved.fault)
    // Models take their time: the kill switch may have been pulled meanwhile (RSK-13).
    const pulled = options.killed?.()
    if (pulled !== undefined && stopsTrading(pulled)) return { code: 'KILLED', value: null, limit: null }
    const placed = broker.place(order)
    if (!placed.ok) return refusal(placed.fault)
    rate.count(clock.now())
    return undefined
  }

  return (event: BarEvent, table: CandidateTable, input: DecisionInput): Entered | undefined => {
    const decisionId = ulid(clock.now(), names)
    const lease = models.lease(input.managed)
    try {
      const { equityMicros, position } = portfolio.view()
      const state = accountState(portfolio.view(), limits)
      const verdict = mind.judge(lease, event, table, state, input.managed !== undefined)
      let settled = blocked(event, verdict, input)
      if (settled === undefined) {
        const entry = plan(event, table, lease, verdict, decisionId, input)
        const tooMany = entry.reasons.some(({ code }) => code === 'ORDER_RATE')
        if (tooMany && rate.heldBack(clock.now()) >= limits.runawayHeldBack) options.onRunaway()
        const fault = entry.order === undefined ? undefined : send(entry.order)
        settled =
          fault === undefined
            ? { outcome: entry.outcome, reasons: entry.reasons, plan: entry }
            : { outcome: 'refused', reasons: [fault], plan: { ...entry, order: undefined } }
      }
      const order = settled.plan?.order
      const record: DecisionRecord = {
        decisionId,
        seq: seq++,
        time: event.bar.knownAt,
        symbol: instrument.symbol,
        bar: event.index,
        price: input.closes.last,
        releaseId: lease.releaseId,
        setSeq: lease.setSeq,
        featuresHash: rowHash(table, event.strongest),
        strongestRow: event.strongest,
        chosenRow: verdict.row,
        session: SESSIONS[event.session]!,
        regime: ROW_REGIMES[event.regime]!,
        riskState: input.state.state,
        riskCause: input.state.cause,
        candidates: candidatesOf(event, table),
        classes: lease.classes,
        probabilities: verdict.probabilities,
        masked: verdict.masked,
        chosen: verdict.chosen,
        side: verdict.row < 0 ? null : sideOfRow(table, verdict.row),
        sizer: verdict.sizer,
        expectedR: verdict.expectedR,
        score: verdict.score,
        confidence: verdict.confidence,
        sizing: settled.plan?.sizing ?? null,
        checks: settled.plan?.checks ?? [],
        outcome: settled.outcome,
        reasons: settled.reasons,
        orderId: order?.id ?? input.exit?.orderId ?? null,
        equityMicros,
        position,
      }
      options.onDecision?.(record)
      if (order === undefined) return undefined
      lease.pin?.(decisionId)
      return { order, setSeq: lease.setSeq }
    } finally {
      lease.release()
    }
  }
}
