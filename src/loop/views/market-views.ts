// Bars and equity of a run. Bars that the run has not passed are not shown: nobody sees its future.

import { firstBarAfter } from '../gate-evidence.ts'
import type { RunBars } from './run-bars.ts'
import { factsOf, findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type BarView = {
  index: number
  time: number
  knownAt: number
  open: number
  high: number
  low: number
  close: number
  volume: number
}

export type BarsView = { symbol: string; barMs: number; step: number; items: BarView[] }

export type BarsRequest = {
  readonly run?: string | undefined
  /** Known at or after. */
  readonly from?: number | undefined
  /** Known at or before. */
  readonly to?: number | undefined
  /** The newest of what was asked for. */
  readonly limit: number
}

type Ports = Pick<ViewPorts, 'records' | 'dataSets'>

export async function barsView(
  { run: name, from, to, limit }: BarsRequest,
  series: RunBars,
  ports: Ports,
): Promise<BarsView> {
  const run = await findRun(name, ports)
  if (run === undefined) return { symbol: '', barMs: 0, step: 0, items: [] }
  const { barMs, step } = await factsOf(run, ports)
  const last = await ports.records.lastPoint(run.runId)
  const { bars } = await series.of(run)
  const done = run.barsDone ?? (last === undefined ? 0 : firstBarAfter(bars, last.at))
  const passed = Math.min(bars.length, done)
  const end = Math.min(passed, to === undefined ? passed : firstBarAfter(bars, to))
  const start = from === undefined ? 0 : firstBarAfter(bars, from - 1)
  const first = Math.max(0, start, end - limit)
  const items = bars.slice(first, Math.max(first, end)).map((bar, at) => {
    const { time, knownAt, open, high, low, close, volume } = bar
    return { index: first + at, time, knownAt, open, high, low, close, volume }
  })
  return { symbol: run.symbol, barMs, step, items }
}

export type EquityView = {
  capital: number
  at: number[]
  equity: number[]
  hold: number[]
  previous: (number | null)[]
}

const dollars = (micros: number): number => micros / 1e6

/** @param points at most about so many; the first and the last are always there */
export async function equityView(
  name: string | undefined,
  points: number,
  series: RunBars,
  ports: Ports,
): Promise<EquityView> {
  const run = await findRun(name, ports)
  const last = run === undefined ? undefined : await ports.records.lastPoint(run.runId)
  if (run === undefined || last === undefined) return { capital: 0, at: [], equity: [], hold: [], previous: [] }
  const { capital } = await factsOf(run, ports)
  const count = await ports.records.pointsUntil(run.runId, last.at)
  const rows = await ports.records.points(run.runId, Math.max(1, Math.ceil(count / Math.max(1, points - 1))))
  const held = rows.some(({ holdMicros }) => holdMicros === null) ? await heldCapital(run, series, capital) : undefined
  return {
    capital,
    at: rows.map(({ at }) => at),
    equity: rows.map(({ equityMicros }) => dollars(equityMicros)),
    hold: rows.map(({ at, holdMicros }) => (holdMicros === null ? held!(at) : dollars(holdMicros))),
    previous: rows.map(({ previousMicros }) => (previousMicros === null ? null : dollars(previousMicros))),
  }
}

/** Runs of the first schema kept no account that only held: it follows from the bars. */
async function heldCapital(run: Parameters<RunBars['of']>[0], series: RunBars, capital: number) {
  const { bars } = await series.of(run)
  return (at: number): number => {
    const bar = bars[firstBarAfter(bars, at) - 1] ?? bars[0]!
    return (capital * bar.close) / bars[0]!.close
  }
}
