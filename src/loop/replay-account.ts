// The account of a replay, and beside it one that always decides with the release before: what the last swap was worth.

import type { Clock } from '../base/clock.ts'
import type { Rng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import type { ModelSet } from '../serving/model-set.ts'
import type { ModelSlot } from '../serving/slot.ts'
import type { PositionPolicy } from '../serving/swap-policy.ts'
import type { BarEvent } from '../trading/bar-event.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import type { Reason } from '../trading/decision.ts'
import { tradingEngine } from '../trading/engine.ts'
import type { Pulled } from '../trading/kill-scopes.ts'
import type { Limits } from '../trading/limits.ts'
import type { ModelsInCharge } from '../trading/models-in-charge.ts'
import { paperBroker } from '../trading/paper-broker.ts'
import { type PortfolioView, portfolio } from '../trading/portfolio.ts'
import type { RiskStateSaved } from '../trading/risk-state.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import type { Market } from './import-series.ts'
import type { RunMeter } from './run-reading.ts'
import type { BarFacts, RunRecorder } from './run-recorder.ts'
import { fixedModels, slotModels } from './set-lease.ts'
import { timedModels } from './timed-models.ts'

export type AccountOptions = {
  readonly market: Market
  /** Dollars. */
  readonly capital: number
  readonly limits: Limits
  readonly slot: ModelSlot
  readonly clock: Clock
  readonly rng: Rng
  readonly killed: () => Pulled | undefined
  readonly recorder: RunRecorder
  /** Why the set in charge is too old to enter with. */
  readonly stale: () => Reason | undefined
  /** What becomes of open positions when another set takes charge. */
  readonly positions: () => PositionPolicy
  /** Told how long decisions take; nothing is measured where absent. */
  readonly meter?: RunMeter | undefined
}

export interface ReplayAccount {
  onBar(event: BarEvent, table: CandidateTable): void
  /** Open positions are closed at the last close. */
  close(): void
  view(): PortfolioView
  facts(bar: Bar): BarFacts
  riskState(): RiskStateSaved
  /** Nothing is entered until `resume`; what is open is managed. */
  pause(reason: string): void
  /** Closes what is open at the next open; false where nothing is, and nothing would enter. */
  flatten(): boolean
  /** Why nothing is entered, where a person said so. */
  paused(): string | undefined
  /** Ends a halt, and a pause. */
  resume(): void
}

/** The models of the slot before its last swap. */
function modelsBefore(slot: ModelSlot, strategies: readonly string[]): ModelsInCharge & { swapped(): boolean } {
  let seen: ModelSet | undefined = slot.current()
  let swaps = 0
  let models = fixedModels(seen, strategies)
  return {
    swapped: () => swaps > 0,
    lease() {
      const now = slot.current()
      if (now?.digest !== seen?.digest) {
        swaps++
        models = fixedModels(seen, strategies)
        seen = now
      }
      return models.lease()
    },
  }
}

export function replayAccount(options: AccountOptions): ReplayAccount {
  const { market, capital, limits, slot, clock, rng, killed, recorder, meter } = options
  const { instrument, calendar, series } = market
  const { barMs, hasVolume, bars } = series
  const strategies = GENERAL_STRATEGIES.map(({ name }) => name)
  const shared = { instrument, calendar, barMs, limits, clock, killed, news: market.news?.table }
  let paused: string | undefined
  const entriesBlocked = () =>
    paused === undefined ? options.stale() : ({ code: 'ENTRIES_PAUSED', value: null, limit: null } as const)
  const ledger = portfolio({ instrument, calendar, barMs, capital })
  const models = slotModels(slot, strategies)
  const engine = tradingEngine({
    ...shared,
    entriesBlocked,
    models: meter === undefined ? models : timedModels(models, meter),
    broker: paperBroker({ instrument, barMs, hasVolume }),
    portfolio: ledger,
    rng: rng.fork('engine'),
    positions: options.positions,
    onDecision: recorder.decision,
    onOrder: recorder.order,
    onFill: recorder.fill,
    onTrade: recorder.trade,
  })
  const before = modelsBefore(slot, strategies)
  const ledgerBefore = portfolio({ instrument, calendar, barMs, capital })
  const engineBefore = tradingEngine({
    ...shared,
    entriesBlocked,
    models: before,
    broker: paperBroker({ instrument, barMs, hasVolume }),
    portfolio: ledgerBefore,
    rng: rng.fork('engine before'),
  })
  return {
    onBar(event, table) {
      const began = meter?.now() ?? 0
      engine.onEvent(event, table)
      if (event.ready) meter?.note('decisionSeconds', (meter.now() - began) / 1000)
      engineBefore.onEvent(event, table)
    },
    close: () => engine.close('end'),
    view: () => ledger.view(),
    facts(bar) {
      const { equityMicros, position } = ledger.view()
      const { state, cause, warning } = engine.riskState()
      return {
        equityMicros,
        holdMicros: Math.round((capital * 1e6 * bar.close) / bars[0]!.close),
        previousMicros: before.swapped() ? ledgerBefore.view().equityMicros : null,
        position,
        riskState: state,
        riskCause: cause,
        riskWarning: warning,
        releaseId: slot.current()?.releaseId ?? 'baseline',
      }
    },
    riskState: () => engine.riskState(),
    pause: reason => void (paused = reason),
    flatten() {
      engineBefore.flatten()
      return engine.flatten()
    },
    paused: () => paused,
    resume() {
      paused = undefined
      // An account that trades keeps the peak it is measured from.
      if (engine.riskState().state !== 'HALTED') return
      engine.resume()
      engineBefore.resume()
    },
  }
}
