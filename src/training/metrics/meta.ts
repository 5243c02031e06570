// How good class probabilities of events are, as statements and as choices of what to trade (MET-01).

import { brier, logLoss, topClass } from '../../math/classification.ts'
import type { CandidateTable } from '../../trading/candidate-table.ts'
import { blendedScore } from '../../trading/confidence.ts'
import { NONE } from '../classes.ts'
import type { Dataset } from '../dataset.ts'
import type { ResultSeries } from '../ledger/results.ts'
import { meanOf, type Statistics } from './interval.ts'
import { calibrationStatistic, macroAucStatistic, topShareStatistic } from './ranking.ts'

/** Probabilities of events, `events.length * classes`. */
export type JudgedEvents = {
  readonly data: Dataset
  readonly events: Int32Array
  readonly probabilities: Float32Array
}

/** Candidates of an event that are of a class, as rows of the table with the chance of their strategy. */
function* stated(
  { data, events, probabilities }: JudgedEvents,
  at: number,
): Generator<{ row: number; chance: number }> {
  const { classes, table, rows } = data
  const event = events[at]!
  for (let i = 0; i < data.events.size[event]!; i++) {
    const row = rows[data.events.first[event]! + i]!
    const place = classes.indexOf(table.strategies[table.strategy[row]!]!)
    if (place >= 0) yield { row, chance: probabilities[at * classes.length + place]! }
  }
}

const chanceOfNone = ({ data: { classes }, probabilities }: JudgedEvents, at: number): number =>
  probabilities[at * classes.length + classes.indexOf(NONE)]!

/** The row of the likeliest strategy among the event's candidates, -1 where None is as likely as all of them. */
function choice(judged: JudgedEvents, at: number, firedOnly: boolean): number {
  let best = -1
  let bestChance = chanceOfNone(judged, at)
  for (const { row, chance } of stated(judged, at)) {
    if (chance <= bestChance || (firedOnly && judged.data.table.fired[row] !== 1)) continue
    best = row
    bestChance = chance
  }
  return best
}

/** Rows of the table that would be traded, one an event at most. */
export function chosenRows(judged: JudgedEvents, firedOnly: boolean): Int32Array {
  return Int32Array.from(judged.events, (_, at) => choice(judged, at, firedOnly)).filter(row => row >= 0)
}

/** Net R of each event as it would be traded, 0 where it would not: what the ledger keeps of a trial. */
export function metaSeries(judged: JudgedEvents): ResultSeries {
  const { data, events } = judged
  const rows = Array.from(events, (_, at) => choice(judged, at, false))
  return {
    start: Float64Array.from(events, event => data.events.time[event]!),
    end: Float64Array.from(events, event => data.events.end[event]!),
    r: Float64Array.from(rows, row => (row < 0 ? 0 : data.table.r[row]!)),
  }
}

/**
 * Blended scores of the events in which something fired: the probability of the likeliest fired strategy, masked to the fired
 * ones and None and renormalised, exactly what a live decision is ranked by (BRN-13).
 */
export function scoresOf(judged: JudgedEvents): number[] {
  const scores: number[] = []
  for (const at of judged.events.keys()) {
    let total = chanceOfNone(judged, at)
    let best = -1
    for (const { row, chance } of stated(judged, at)) {
      if (judged.data.table.fired[row] !== 1) continue
      total += chance
      best = Math.max(best, chance)
    }
    if (best >= 0 && total > 0) scores.push(blendedScore({ strategy: best / total }))
  }
  return scores
}

/** Net result in basis points of the entry price: R times the planned move. */
const edgeBps = ({ r, entry, stop }: CandidateTable, row: number): number =>
  (r[row]! * Math.abs(entry[row]! - stop[row]!) * 1e4) / entry[row]!

/** A value of each event from its own probabilities and label. */
function perEvent(
  { data, events, probabilities }: JudgedEvents,
  value: (one: { probabilities: Float32Array; labels: readonly number[]; classes: number }) => number,
): Float64Array {
  const classes = data.classes.length
  return Float64Array.from(events, (event, at) =>
    value({
      probabilities: probabilities.subarray(at * classes, (at + 1) * classes),
      labels: [data.events.label[event]!],
      classes,
    }),
  )
}

/** Log loss of each event, the value whose mean is reported. */
export const eventLosses = (judged: JudgedEvents): Float64Array => perEvent(judged, logLoss)

const eventBriers = (judged: JudgedEvents): Float64Array => perEvent(judged, brier)

export function metaStatistics(judged: JudgedEvents): Statistics {
  const { data, events, probabilities } = judged
  const classes = data.classes.length
  const labels = Uint8Array.from(events, event => data.events.label[event]!)
  const { label: said, confidence } = topClass({ probabilities, classes })
  const hits = Uint8Array.from(said, (label, at) => (label === labels[at] ? 1 : 0))
  const chosen = chosenRows(judged, false)
  const traded = chosenRows(judged, true)
  return {
    logLoss: meanOf(eventLosses(judged)),
    brier: meanOf(eventBriers(judged)),
    accuracy: meanOf(hits),
    auc: macroAucStatistic({ probabilities, labels, classes }),
    ece: calibrationStatistic({ scores: confidence, hits }),
    topDecileLift: topShareStatistic({ scores: confidence, hits }),
    meanR: meanOf(Array.from(chosen, row => data.table.r[row]!)),
    firedMeanR: meanOf(Array.from(traded, row => data.table.r[row]!)),
    edgeBps: meanOf(Array.from(traded, row => edgeBps(data.table, row))),
  }
}
