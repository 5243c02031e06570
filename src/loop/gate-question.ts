// What the gates of a replay are asked with: its own columns, limits, bars and scores.

import type { Bar } from '../market/bar.ts'
import type { JudgeOptions } from '../serving/judge.ts'
import { isRefresh } from '../serving/refresh.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import type { Limits } from '../trading/limits.ts'
import { firstBarAfter, gateEvidence } from './gate-evidence.ts'
import type { Market } from './import-series.ts'
import { gateLimits } from './limits-of.ts'
import type { Ports } from './ports.ts'

export type GateAsk = {
  readonly market: Market
  readonly book: CandidateBook
  readonly ports: Ports
  readonly limits: Limits
  /** Bars after which a set in charge is past its age (SRV-24). */
  readonly memberAgeBars: number
  /** Bars up to now. */
  readonly bars: () => readonly Bar[]
  /** 1, 2, 3 ... */
  readonly cycle: number
  /** The level that the ledger grants whoever follows the set in charge. */
  readonly level: number
}

export function gateQuestion({
  market,
  book,
  ports,
  limits,
  memberAgeBars,
  bars,
  cycle,
  level,
}: GateAsk): JudgeOptions['gateContext'] {
  const { series, instrument, calendar } = market
  const { settings } = ports
  return (release, candidate, champion) => {
    const known = {
      table: book.table,
      bars: bars(),
      instrument,
      calendar,
      limits,
      barMs: series.barMs,
      hasVolume: series.hasVolume,
      capital: settings.backtest.initialCapital,
      seed: cycle,
      replayBars: settings.gates.replayBars,
      recentRows: settings.gates.sanityVectors,
    }
    const evidence = candidate.ok ? gateEvidence(known, candidate.value, champion) : {}
    const refresh = isRefresh(
      candidate,
      champion,
      ({ windows }) => known.bars.length - firstBarAfter(known.bars, windows.dataEnd) >= memberAgeBars,
    )
    return {
      ...evidence,
      level,
      refresh,
      release,
      candidate,
      champion,
      profile: 'paper',
      symbol: series.symbol,
      features: book.schema,
      limits: gateLimits(settings),
    }
  }
}
