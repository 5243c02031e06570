// How long one whole cycle takes: from a file of hourly bars to the written release, with walk-forward, reports, export and parity.

import { join } from 'node:path'
import { trainOnce } from '../../src/loop/train-once.ts'
import { openWorld } from '../../test/loop/ports.ts'
import { sharedData } from '../../test/shared-data.ts'
import { median } from '../duel.ts'

export type CycleLine = {
  readonly name: 'full-cycle'
  readonly bars: number
  /** Candidate rows that were learned from and judged on. */
  readonly rows: number
  readonly seconds: number
  readonly limit: number
  readonly peakMb: number
  readonly runs: number
}

const FILE = 'equity_hourly/AAPL_1h_adj.csv.gz'
const LIMIT = 30

/** @param allHistory trains on every bar of the file instead of the newest 24 months */
export async function timeCycle(runs: number, allHistory: boolean): Promise<CycleLine> {
  const shared = sharedData()
  if (shared === undefined) throw new Error('the shared market data is not beside this checkout (../shared/data)')
  const world = await openWorld(allHistory ? { training: { lookbackMonths: 240 } } : {})
  const times: number[] = []
  let facts = { bars: 0, rows: 0 }
  try {
    for (let run = 0; run < runs; run++) {
      const bars = {
        file: join(shared, FILE),
        symbol: 'AAPL',
        zone: undefined,
        map: undefined,
        barMs: undefined,
        calendar: undefined,
      }
      const out = join(world.folder, `release-${run}`)
      const signal = new AbortController().signal
      const started = performance.now()
      const { market, evaluation } = await trainOnce(
        { data: bars, seed: 42, out, signal, onProgress: () => {} },
        world.state,
        world.ports,
      )
      times.push((performance.now() - started) / 1000)
      facts = { bars: market.series.bars.length, rows: evaluation.rows.total }
    }
  } finally {
    await world.close()
  }
  const peakMb = process.resourceUsage().maxRSS / 1024
  return { name: 'full-cycle', ...facts, seconds: median(times), limit: LIMIT, peakMb, runs }
}
