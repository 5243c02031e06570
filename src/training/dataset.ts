// What a training run may see: final labels known at `asOf`, grouped into events (one per bar), weighted and split in time.

import { Fault } from '../base/fault.ts'
import { DAY_MS, isDaily } from '../market/bar.ts'
import { combinatorial, rolling, type WalkForward, walkForward } from '../math/splits.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import { classify } from './classes.ts'
import { type Events, eventsOf, type Group, knownBars } from './events.ts'
import { checkFloors, floorsOf } from './floors.ts'
import { DATASET_DEFAULTS, type DatasetOptions, halfLifeMs } from './options.ts'
import { thinEvenly } from './thinning.ts'
import { averageUniqueness, effectiveSize, recency } from './weights.ts'

export type Dataset = {
  readonly table: CandidateTable
  /** Kept candidate rows as rows of the table, in order. */
  readonly rows: Int32Array
  /** Weight of each kept candidate row (LABEL-07). */
  readonly weight: Float64Array
  readonly events: Events
  /** Strategies with enough rows in catalogue order, then `None`. */
  readonly classes: readonly string[]
  /** Indices of events. */
  readonly split: WalkForward
  readonly scheme: DatasetOptions['scheme']
  readonly effective: number
  readonly fired: number
  /** Candidate rows left out by thinning. */
  readonly thinned: number
  /** Under the live floors, admitted by the paper ones. */
  readonly thin: boolean
}

export type DatasetInput = {
  readonly table: CandidateTable
  /** Nothing whose label was known later is seen (LABEL-05). */
  readonly asOf: number
  readonly barMs: number
  readonly options?: Partial<DatasetOptions>
}

/**
 * The longer of `lookbackMonths` and `lookbackBars`; daily bars keep all history (SPLIT-01). `trainDays` is a window of its own.
 * Time counts back from the newest row: the same rows are the same data, on whatever day they are looked at.
 */
function withinLookback(groups: readonly Group[], { table, barMs }: DatasetInput, options: DatasetOptions): Group[] {
  const newest = groups.at(-1)
  if (newest === undefined) return []
  const last = table.time[newest.row]!
  if (options.trainDays !== undefined) {
    const first = last - options.trainDays * DAY_MS
    return groups.filter(({ row }) => table.time[row]! >= first)
  }
  if (isDaily(barMs)) return [...groups]
  const from = new Date(last)
  from.setUTCMonth(from.getUTCMonth() - options.lookbackMonths)
  const firstBar = table.bar[newest.row]! - options.lookbackBars
  return groups.filter(({ row }) => table.time[row]! >= from.getTime() || table.bar[row]! > firstBar)
}

function splitOf(rows: { start: Float64Array; end: Float64Array }, options: DatasetOptions): WalkForward {
  const { scheme, folds, holdoutShare, embargoMs } = options
  const { trainDays, validateDays, stepDays } = options.rolling
  const shared = { ...rows, holdoutShare, embargoMs }
  if (scheme === 'combinatorial') return combinatorial({ ...shared, groups: folds + 1 })
  if (scheme === 'expanding') return walkForward({ ...shared, folds })
  return rolling({
    ...shared,
    trainMs: trainDays * DAY_MS,
    validateMs: validateDays * DAY_MS,
    stepMs: stepDays * DAY_MS,
  })
}

/**
 * @throws Fault `DATASET_EMPTY` without one known event, `TRAIN_TOO_FEW` naming what is missing (SPLIT-03)
 * @example
 * buildDataset({ table, asOf: Date.UTC(2020, 0, 1), barMs: 86_400_000 }).classes // ['EmaCross', 'Momentum', 'None']
 */
export function buildDataset(input: DatasetInput): Dataset {
  const { table, asOf, barMs } = input
  const options = { ...DATASET_DEFAULTS, ...input.options }
  const available = withinLookback(knownBars(table, asOf), input, options)
  if (available.length === 0) {
    throw new Fault('DATASET_EMPTY', `${table.symbol} has no candidate with a known outcome`, {
      fix: 'import more history',
    })
  }
  const { kept: groups, dropped: thinned } = thinEvenly(available, options.maxRows)
  const rows = Int32Array.from(groups.flatMap(({ row, size }) => Array.from({ length: size }, (_, i) => row + i)))
  const spans = {
    start: Float64Array.from(rows, row => table.time[row]!),
    end: Float64Array.from(rows, row => table.labelEnd[row]!),
  }
  const uniqueness = averageUniqueness(spans)
  const decay = recency(spans.start, halfLifeMs(options, barMs))
  const weight = uniqueness.map((unique, row) => unique * decay[row]!)
  const bare = eventsOf(table, groups)
  const split = splitOf({ start: bare.time, end: bare.end }, options)
  // Which strategies are classes is learned from the fit part alone: it is an encoder (SPLIT-02).
  const classes = classify(table, groups, split.fit, floorsOf(options).minPerClass)
  const firedIn = (events: Int32Array): number => {
    let fired = 0
    for (const event of events) {
      for (let at = bare.first[event]!; at < bare.first[event]! + bare.size[event]!; at++)
        fired += table.fired[rows[at]!]!
    }
    return fired
  }
  const effective = effectiveSize(uniqueness, decay)
  const firedInSmallestFold =
    split.folds.length === 0 ? 0 : Math.min(...split.folds.map(({ validate }) => firedIn(validate)))
  const thin = checkFloors({ effective, firedInSmallestFold, classes }, options)
  const mean = (first: number, size: number): number =>
    weight.subarray(first, first + size).reduce((sum, each) => sum + each, 0) / size
  return {
    table,
    rows,
    weight,
    events: {
      ...bare,
      label: classes.label,
      weight: Float64Array.from(bare.first, (first, event) => mean(first, bare.size[event]!)),
    },
    classes: classes.names,
    split,
    scheme: options.scheme,
    effective,
    fired: rows.reduce((sum, row) => sum + table.fired[row]!, 0),
    thinned,
    thin,
  }
}

/** Candidate rows (rows of the table) and their weights of the given events, in order. */
export function candidatesOf(
  { rows, weight, events }: Dataset,
  chosen: Int32Array,
): { rows: Int32Array; weight: Float64Array } {
  const at: number[] = []
  for (const event of chosen) {
    for (let i = 0; i < events.size[event]!; i++) at.push(events.first[event]! + i)
  }
  return { rows: Int32Array.from(at, index => rows[index]!), weight: Float64Array.from(at, index => weight[index]!) }
}
