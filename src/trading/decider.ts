// One decision at one closed bar, with its record: ask the models, plan the entry, let risk judge, place the order (BRN-14, BRN-15).

import { isDaily } from '../market/bar.ts'
import { newsAround } from '../market/news.ts'
import type { Order } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import { type Brain, brain, type Verdict } from './brain.ts'
import { type CandidateTable, ROW_REGIMES, SESSIONS } from './candidate-table.ts'
import type { DecisionOutcome, DecisionRecord, Reason } from './decision.ts'
import { clientOrderId, ulid } from './decision-id.ts'
import { candidatesOf, rowHash, sideOfRow } from './decision-parts.ts'
import type { EngineOptions } from './engine-options.ts'
import { type EntryPlan, planEntry, riskMarket } from './entry-plan.ts'
import type { ModelLease } from './models-in-charge.ts'
import { orderRate } from './order-rate.ts'
import type { RiskStateSaved } from './risk-state.ts'

export type DeciderOptions = EngineOptions & { readonly account: string }

export type DecisionInput = {
  readonly state: RiskStateSaved
  /** The exit that a halt sent at this bar, or null. */
  readonly exitId: string | null
  /** Steps. */
  readonly closes: { readonly last: number; readonly before: number }
}

type Settled = {
  readonly outcome: DecisionOutcome
  readonly reasons: readonly Reason[]
  readonly plan: EntryPlan | undefined
}

/** Decides once a bar and tells `onDecision`; gives the entry order that left, if one did. */
export function decider(options: DeciderOptions) {
  const { instrument, calendar, barMs, models, broker, portfolio, limits, clock, account } = options
  const mind: Brain = brain(limits)
  const names = options.rng.fork('decisions')
  const rate = orderRate()
  let seq = 0

  /** Why no entry is even planned, first blocking first; undefined where one may be. */
  const blocked = (event: BarEvent, verdict: Verdict, { exitId, state }: DecisionInput): Settled | undefined => {
    const settled = (outcome: DecisionOutcome, ...reasons: Reason[]): Settled => ({ outcome, reasons, plan: undefined })
    if (exitId !== null) return settled('exit', { code: state.cause, value: null, limit: null })
    const { openPositions } = portfolio.view()
    if (openPositions >= limits.maxOpenPositions) {
      return settled('hold', { code: 'POSITION_OPEN', value: openPositions, limit: limits.maxOpenPositions })
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
    { state, closes }: DecisionInput,
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
      },
    )
  }

  /** Reserve, then send: the ledger knows the order before the broker does. */
  const send = (order: Order): Reason | undefined => {
    for (const outcome of [portfolio.register(order), broker.place(order)]) {
      if (!outcome.ok) return { code: outcome.fault.code, value: null, limit: null }
    }
    rate.count(clock.now())
    return undefined
  }

  return (event: BarEvent, table: CandidateTable, input: DecisionInput): Order | undefined => {
    const decisionId = ulid(clock.now(), names)
    const lease = models.lease()
    try {
      const { equityMicros, peakMicros, position, sessionR } = portfolio.view()
      // In the unit that sizers are trained in: the share of the drawdown limit that is used.
      const drawdown = Math.min(1, Math.max(0, (peakMicros - equityMicros) / peakMicros) / limits.maxDrawdown)
      const verdict = mind.judge(lease, event, table, { sessionR, drawdown })
      let settled = blocked(event, verdict, input)
      if (settled === undefined) {
        const entry = plan(event, table, lease, verdict, decisionId, input)
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
        orderId: order?.id ?? input.exitId,
        equityMicros,
        position,
      }
      options.onDecision?.(record)
      return order
    } finally {
      lease.release()
    }
  }
}
