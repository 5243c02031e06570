// A backtest as the ledger sees it: one more try at the same bars, and what all tries together leave of its Sharpe ratio (BT-07).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import { deflatedSharpe } from '../math/deflated-sharpe.ts'
import type { Measure } from '../math/measure.ts'
import { STANDARD_ROLES } from '../release/release.ts'
import type { SessionReturn } from '../trading/backtest-report.ts'
import { COUNTED } from '../trading/ledger/entry.ts'
import { type Hypothesis, hypothesisId } from '../training/ledger/hypothesis.ts'
import { overfittingOf, varianceWithin } from '../training/ledger/multiplicity.ts'
import { evidenceOf, type ResultSeries, resultsBody, trialResults } from '../training/ledger/results.ts'
import { keyOf, standingOf } from '../training/ledger/standing.ts'
import { hypothesisOf, type LedgerContext } from './ledger-act.ts'
import type { Ports, State } from './ports.ts'

export type BacktestTries = {
  /** Configurations tried on these bars, this one and those behind its models included. */
  readonly trials: number
  /** Of them backtests. */
  readonly backtests: number
  /** Known configurations that were run again on newer bars. */
  readonly looks: number
  /** Chance that the Sharpe ratio is above what luck gives the best of so many. */
  readonly deflatedSharpe: Measure
  /** Probability of overfitting among backtests of the same sessions. */
  readonly overfitting: Measure
}

export type BacktestAct = {
  readonly hypothesis: Hypothesis
  /** Everything that makes it another configuration, as JSON. */
  readonly config: unknown
  readonly snapshotId: string
  /** knownAt of the last bar, ms UTC. */
  readonly until: number
  readonly sessions: readonly SessionReturn[]
  /** Configurations that were tried for the models that decide; 1 for rules. */
  readonly modelTrials: number
}

/**
 * Configurations that were tried for the models of a market; trials of each role add up, for roles are tried one at a time.
 *
 * @param scope of a replay, which counts for itself; null: all that was trained here
 */
export async function modelTrials(
  scope: string | null,
  context: Pick<LedgerContext, 'market' | 'ports' | 'ledger'>,
): Promise<number> {
  let trials = 1
  for (const role of STANDARD_ROLES) {
    const entries = await context.ledger.entries(hypothesisId(hypothesisOf(role, scope, context)))
    trials += Math.max(0, entries.filter(({ kind }) => COUNTED.has(kind)).length - 1)
  }
  return trials
}

/** A session's return begins where the one before ended. */
function seriesOf(sessions: readonly SessionReturn[]): ResultSeries {
  return {
    start: Float64Array.from(sessions, (_, i) => sessions[i - 1]?.time ?? sessions[0]!.time - 1),
    end: Float64Array.from(sessions, ({ time }) => time - 1),
    r: Float64Array.from(sessions, session => session.return),
  }
}

/**
 * Enters the backtest and says how it stands. The same one again is the same act: it stands where it stood the first time.
 *
 * @example (await enterBacktest(act, state, ports)).trials // 3
 */
export async function enterBacktest(
  { hypothesis, config, snapshotId, until, sessions, modelTrials }: BacktestAct,
  { ledger }: Pick<State, 'ledger'>,
  { clock }: Pick<Ports, 'clock'>,
): Promise<BacktestTries> {
  const id = hypothesisId(hypothesis)
  const configSha256 = sha256(canonicalJson(config))
  const act = `backtest-${sha256(canonicalJson({ id, configSha256, snapshotId, until }))}`
  const { kind, trials, looks, others } = standingOf(await ledger.entries(id), { act, configSha256, until })
  const series = seriesOf(sessions)
  const own = trialResults(series)
  await ledger.append([
    {
      key: keyOf(act, hypothesis.role),
      at: clock.now(),
      kind,
      hypothesis: id,
      subject: `${hypothesis.role} ${hypothesis.symbol}`,
      actor: 'backtest',
      configSha256,
      snapshotId,
      until,
      body: resultsBody(own),
    },
  ])
  const results = own === null ? others : [...others, own]
  const all = trials + modelTrials - 1
  const pbo = overfittingOf(results)
  return {
    trials: all,
    backtests: trials,
    looks,
    deflatedSharpe: deflatedSharpe(evidenceOf(series), { trials: all, variance: varianceWithin([results]) }),
    overfitting: Number.isNaN(pbo)
      ? { value: null, n: results.length, reason: 'one backtest of these sessions is no choice' }
      : { value: pbo, n: results.length },
  }
}
