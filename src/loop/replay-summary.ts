// What a replay came to, for people and as one JSON document that is equal for equal seeds and bars.

import { costGap } from '../market/instrument.ts'
import type { Tally } from './cycle-record.ts'
import type { Market } from './import-series.ts'
import type { LoopState } from './lifecycle.ts'
import type { ReplayFigures } from './replay-figures.ts'
import type { RunRecorder } from './run-recorder.ts'

export type ReplaySummary = {
  readonly symbol: string
  readonly provenance: 'real' | 'simulated'
  readonly execution: 'paper'
  readonly seed: number
  readonly trainEvery: number
  readonly bars: number
  /** Effective sample size of the last training that ended well; 0 without one. */
  readonly effectiveRows: number
  /** Candidate rows: stances of strategies. */
  readonly candidates: number
  readonly trainings: number
  readonly trainingsFailed: Readonly<Record<string, number>>
  readonly trainingsSkipped: number
  readonly releases: {
    readonly published: number
    readonly installed: number
    readonly refused: number
  }
  readonly verdictsByGate: Tally['verdictsByGate']
  readonly refusedBy: Tally['refusedBy']
  readonly decisions: number
  readonly trades: number
  readonly returnPct: number
  readonly buyAndHoldPct: number
  /** Which costs the return leaves out because nobody declared them; null: none. */
  readonly costGap: string | null
  readonly figures: ReplayFigures
  /** Drawdown halts that the replay ended by itself. */
  readonly haltsResumed: number
  readonly eventHash: string
}

export type SummaryInput = {
  readonly market: Market
  readonly seed: number
  readonly everyBars: number
  readonly loop: LoopState
  readonly trainer: Tally
  readonly candidates: number
  readonly recorder: RunRecorder
  /** Dollars at the start and at the end. */
  readonly capital: number
  readonly equity: number
  readonly resumed: number
  readonly figures: ReplayFigures
}

/** Six digits after the point: figures are compared as text. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

export function summaryOf({
  market,
  seed,
  everyBars,
  loop,
  trainer,
  candidates,
  recorder,
  capital,
  equity,
  resumed,
  figures,
}: SummaryInput): ReplaySummary {
  const { bars, symbol, provenance } = market.series
  const { published, installed, refused } = trainer
  return {
    symbol,
    provenance,
    execution: 'paper',
    seed,
    trainEvery: everyBars,
    bars: bars.length,
    effectiveRows: rounded(trainer.effectiveRows),
    candidates,
    trainings: trainer.trainings,
    trainingsFailed: trainer.failed,
    trainingsSkipped: loop.skipped,
    releases: { published, installed, refused },
    verdictsByGate: trainer.verdictsByGate,
    refusedBy: trainer.refusedBy,
    decisions: recorder.counts.decisions,
    trades: recorder.counts.trades,
    returnPct: rounded((equity / capital - 1) * 100),
    buyAndHoldPct: rounded((bars.at(-1)!.close / bars[0]!.close - 1) * 100),
    costGap: costGap(market.instrument) ?? null,
    figures,
    haltsResumed: resumed,
    eventHash: recorder.eventHash(),
  }
}
