// The bars of a run, kept in memory once read: the run that is looked at, and the one before it.

import { Fault } from '../../base/fault.ts'
import type { BarSeries } from '../../market/bar.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import type { ViewPorts } from './view-ports.ts'

const KEPT = 2

export interface RunBars {
  /** The whole series, the future of the run included: callers cut it. Fault: `DATA_NONE_STORED`, and those of the store. */
  of(run: Pick<StoredRun, 'dataHash' | 'symbol'>): Promise<BarSeries>
}

export function runBars({ bars }: Pick<ViewPorts, 'bars'>): RunBars {
  const loaded = new Map<string, Promise<BarSeries>>()
  const load = async ({ dataHash, symbol }: Pick<StoredRun, 'dataHash' | 'symbol'>): Promise<BarSeries> => {
    const snapshot = (await bars.list()).find(found => found.snapshotId === dataHash && found.symbol === symbol)
    if (snapshot !== undefined) return bars.load(snapshot)
    throw new Fault('DATA_NONE_STORED', `the bars of ${symbol} that this run was made on are no longer stored`, {
      fix: 'import the file again: ratchet data import FILE --symbol S',
    })
  }
  return {
    async of(run) {
      const key = `${run.symbol} ${run.dataHash}`
      const known = loaded.get(key)
      const series = known ?? load(run)
      loaded.delete(key)
      loaded.set(key, series)
      for (const old of [...loaded.keys()].slice(0, -KEPT)) loaded.delete(old)
      try {
        return await series
      } catch (cause) {
        // The next question tries again.
        loaded.delete(key)
        throw cause
      }
    },
  }
}
