// What is true of the run, the account and the release in charge at the moment of a sample.

import type { Clock } from '../base/clock.ts'
import type { StatusView } from '../loop/views/status-view.ts'
import { KILL_SCOPES } from '../trading/kill-scopes.ts'
import type { ReadModel } from '../trading/read-model.ts'
import { MODEL } from './event-metrics.ts'
import type { Instruments } from './instruments.ts'

/** A decision that sends an order acts. */
const OUTCOMES: Readonly<Record<string, string>> = { enter: 'acted', exit: 'acted', refused: 'refused' }

export type StateMetricsOptions = {
  readonly records: ReadModel
  /** How far the rows of a release had drifted, by its digest; undefined where that cannot be read. */
  readonly driftOf: (digest: string) => Promise<number | undefined>
  readonly clock: Clock
  readonly version: string
}

export function stateMetrics(
  { counter, gauge }: Instruments,
  { records, driftOf, clock, version }: StateMetricsOptions,
): (status: StatusView) => Promise<void> {
  const decisions = counter('decisions_total', 'decisions of the newest run', 'outcome', 'reason')
  const refusals = counter('risk_refusals_total', 'entries that a risk rule refused', 'rule')
  const training = gauge(
    'model_training_active_start_seconds',
    'when the training that runs began; 0: none',
    'model_id',
  )
  const drift = gauge('model_drift_score', 'of the rows behind the release in charge', 'model_id')
  const releaseVersion = gauge('release_version', 'version in charge; 0 is the baseline', 'slot')
  const releaseAge = gauge(
    'release_age_seconds',
    'since the release in charge was made, on the clock of the run',
    'slot',
  )
  const equity = gauge('equity', 'equity of the account in dollars')
  const drawdown = gauge('drawdown_ratio', 'fall from the peak as a share of it')
  const position = gauge('position_contracts', 'signed lots', 'symbol')
  const killed = gauge('kill_switch_active', '1 while the kill switch is pulled for it', 'scope')
  const build = gauge('build_info', 'version and mode', 'version', 'mode')

  let counted = { runId: '', seq: -1 }
  let trains = { id: '', sinceMs: 0 }
  let inCharge = ''

  const countDecisions = async (runId: string): Promise<void> => {
    if (counted.runId !== runId) {
      decisions.reset()
      refusals.reset()
      counted = { runId, seq: -1 }
    }
    for (const { outcome, reason, count: times, last } of await records.decisionCounts(runId, counted.seq)) {
      decisions.inc({ outcome: OUTCOMES[outcome] ?? 'held', reason: reason ?? 'none' }, times)
      if (outcome === 'refused') refusals.inc({ rule: reason ?? 'none' }, times)
      counted = { runId, seq: Math.max(counted.seq, last) }
    }
  }
  const showDrift = async (digest: string | null): Promise<void> => {
    if (digest === inCharge || digest === null) return
    inCharge = digest
    drift.reset()
    const score = await driftOf(digest)
    if (score !== undefined) drift.set({ model_id: MODEL }, score)
  }

  return async ({ account, killed: pulled, live, mode, run, slots }) => {
    if (account !== null) {
      equity.set(account.equity)
      drawdown.set(account.drawdown)
      if (run !== null) position.set({ symbol: run.symbol }, account.position)
    }
    for (const scope of KILL_SCOPES) killed.set({ scope }, pulled?.scopes.includes(scope) === true ? 1 : 0)
    build.reset()
    build.set({ version, mode }, 1)
    const id = live?.training?.trainingId ?? ''
    if (id !== trains.id) trains = { id, sinceMs: clock.now() }
    training.set({ model_id: MODEL }, id === '' ? 0 : trains.sinceMs / 1000)
    for (const { slot, label, issuedAt } of slots) {
      releaseVersion.set({ slot }, Number(label?.split('_').at(-1) ?? 0))
      if (issuedAt === null) releaseAge.remove({ slot })
      else releaseAge.set({ slot }, Math.max(0, (run?.clock ?? clock.now()) - issuedAt) / 1000)
    }
    await showDrift(slots[0]?.digest ?? null)
    if (run !== null) await countDecisions(run.runId)
  }
}
