// What the tests of the loop do again and again: import a made-up series, replay it, read back what the database kept.

import { join } from 'node:path'
import { addToSeries, importSeries, type Market, type SeriesRequest } from '../../src/loop/import-series.ts'
import { type ReplayHooks, type ReplayRequest, replay } from '../../src/loop/replay.ts'
import type { ReplaySummary } from '../../src/loop/replay-summary.ts'
import { marketInUse } from '../../src/loop/stored-market.ts'
import type { DecisionRecord } from '../../src/trading/decision.ts'
import type { World } from './ports.ts'
import { type SimulatedBar, writeBars } from './simulated.ts'

export const SYMBOL = 'SIM'

/** How a file of made-up bars is read. */
export const seriesIn = (file: string): SeriesRequest => ({
  file,
  symbol: SYMBOL,
  calendar: '24x7',
  simulated: true,
  zone: undefined,
  map: undefined,
  barMs: undefined,
})

function fileOf({ folder }: World, bars: readonly SimulatedBar[]): string {
  const file = join(folder, `bars-${bars.length}.csv`)
  writeBars(file, bars)
  return file
}

/** Stored for a run of its own. */
export async function importSimulated(world: World, bars: readonly SimulatedBar[]): Promise<Market> {
  return importSeries(seriesIn(fileOf(world, bars)), world.state, world.ports)
}

/** Added to the series in use, as `ratchet data import` does: what a loop by the clock trains on. */
export async function addSimulated(world: World, bars: readonly SimulatedBar[]): Promise<Market> {
  await addToSeries(seriesIn(fileOf(world, bars)), world.state, world.ports)
  return (await marketInUse(world.state, SYMBOL, world.ports))!
}

export type RunRequest = Omit<ReplayRequest, 'market'> & Partial<ReplayHooks>

export function runReplay(
  { state, ports }: World,
  market: Market,
  { signal = new AbortController().signal, onView = () => {}, control, ...request }: RunRequest,
): Promise<ReplaySummary> {
  return replay({ market, ...request }, state, ports, { signal, onView, control })
}

/** Decisions of a run in their order, as they were recorded. */
export async function decisionsOf({ database }: World, runId: string): Promise<DecisionRecord[]> {
  const rows = await database
    .selectFrom('decisions')
    .select('explanation')
    .where('run_id', '=', runId)
    .orderBy('seq')
    .execute()
  return rows.map(({ explanation }) => JSON.parse(explanation) as DecisionRecord)
}
