// A market with its splits and dividends: features from a series without their jumps, labels from what was traded (DATA-10).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import { readActions } from '../data/actions-file.ts'
import { adjusted } from '../data/corporate-actions.ts'
import type { DataSets } from '../data/data-sets.ts'
import { refuseBlocked } from './data-status.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'

/**
 * @param file table of `readActions`
 * Faults: those of the file and of `readActions`, `DATA_ACTION_INVALID`, `DATA_BLOCKED`.
 */
export async function adjustedForTraining(
  market: Market,
  file: string,
  state: { readonly dataSets: Pick<DataSets, 'save'>; readonly dataMarks: State['dataMarks'] },
  ports: Pick<Ports, 'openTable' | 'clock'>,
): Promise<Market> {
  const { series, calendar, report } = market
  const { rows, sha256: actionsSha256 } = await ports.openTable(file)
  const actions = await readActions(rows)
  const held = adjusted(series.symbol, series.bars, actions, { barMs: series.barMs, calendar })
  const source = 'internal_calculation'
  await refuseBlocked(source, state)
  const snapshotId = sha256(canonicalJson({ adjusted: series.snapshotId, actions }))
  const bars = held.map(one => one.adjusted)
  const path = `${report.file} with ${actions.length} splits and dividends of ${file}`
  const now = ports.clock.now()
  const lineage = {
    path: `snapshot ${series.snapshotId} with the splits and dividends of file ${file}`,
    fetchedAt: new Date(now).toISOString(),
    sha256: actionsSha256,
    adjusted: true,
  }
  const made = { ...report, file: path, lineage }
  await state.dataSets.save({
    hash: snapshotId,
    symbol: series.symbol,
    barMs: series.barMs,
    firstTime: bars[0]!.time,
    lastTime: bars.at(-1)!.time,
    rows: bars.length,
    provenance: series.provenance,
    source,
    file: path,
    report: canonicalJson(made),
    createdAt: now,
    headAt: null,
  })
  return { ...market, series: { ...series, bars, snapshotId, source }, report: made, held }
}
